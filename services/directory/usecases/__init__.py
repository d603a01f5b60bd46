"""What one can do with the directory, split by noun; each method is one transaction."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.config import Config
from chassis.keys import Keyring
from chassis.store import Store
from services.directory.storage import open_store
from services.directory.usecases.accounts import Accounts
from services.directory.usecases.calendar import Calendars
from services.directory.usecases.keys import Keys
from services.directory.usecases.lookups import Lookups
from services.directory.usecases.own import Own
from services.directory.usecases.sessions import Sessions
from services.directory.usecases.workbooks import Workbooks
from services.directory.vault import Vault


class UseCases:
    """The use cases of the directory over one store."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        vault = Vault(keyring)
        self.store = store
        self.keys = Keys(store, vault)
        self.public_keys = self.keys.public
        self.lookups = Lookups(store)
        self.workbooks = Workbooks(store)
        self.calendars = Calendars(store)
        self.accounts = Accounts(store, vault)
        self.sessions = Sessions(store, vault, self.keys)
        self.own = Own(store, vault)

    @staticmethod
    def build(config: Config, clock: Clock) -> UseCases:
        """The use cases on the configured database and keys."""
        return UseCases(open_store(config, clock), Keyring(config.keys_dir, config.create_keys))
