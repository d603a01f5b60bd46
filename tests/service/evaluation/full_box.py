"""A box of any size, filled through the real intake and counted, in a process of its own whose memory is measured.

`python -m tests.service.evaluation.full_box BALLOTS DATABASE_URL REGISTER_URL KEYS_DIR` prints what it took as JSON. Only
raters are left out: a million codes come into the box as rows, for the register is not what is measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter

import numpy as np

from bench.ballots import ORGANISER, open_campaign
from bench.tally import plan
from chassis.auth import Caller, Rows
from chassis.clock import SystemClock
from chassis.config import Config
from chassis.keys import Keyring
from services.evaluation.codes import Codes
from services.evaluation.domain.ballot import Batch, Channel
from services.evaluation.domain.plan import Plan
from services.evaluation.storage.schema import CODES
from services.evaluation.usecases import UseCases

OBJECTS, BATCH = 100, 500
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHOICES, CHANCES = np.array((1, 2, 3, 255), dtype=np.uint8), (0.62, 0.25, 0.08, 0.05)
SERVICE = Caller.service("evaluation")
HALL = replace(ORGANISER, roles=ORGANISER.roles | {"checker"}, rows=Rows(jurisdictions=("/qinghe",)))


@dataclass(frozen=True, slots=True)
class Held:
    """What a box of so many ballots took: seconds to take them in, seconds to count and rank them, peak memory."""

    ballots: int
    counted: int
    places: int
    intake_seconds: float
    count_seconds: float
    intake_megabytes: int
    megabytes: int


def held(config: Config, ballots: int) -> Held:
    """Fills a box on these databases and counts it, in another process."""
    urls = (config.database_url, config.extra_database_urls["register"])
    command = [sys.executable, "-m", "tests.service.evaluation.full_box", str(ballots), *urls, str(config.keys_dir)]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True, check=True)
    return Held(**json.loads(done.stdout.splitlines()[-1]))


def hundred() -> Plan:
    """The first hundred objects of the bench's campaign."""
    whole = plan()
    return replace(whole, object_groups=whole.object_groups[:1])


def code(number: int) -> str:
    """A code that looks like one."""
    digits = [ALPHABET[number * 2654435761 >> 3 * place & 31] for place in range(20)]
    return "-".join("".join(digits[at : at + 5]) for at in range(0, 20, 5))


def main(ballots: int, config: Config) -> Held:
    """Fills and counts."""
    usecases = UseCases.build(config, SystemClock())
    campaign_id, _ = open_campaign(usecases, 1, hundred())
    known = Codes(Keyring(config.keys_dir))
    for first in range(0, ballots, 10_000):
        with usecases.store.begin(SERVICE) as tx:
            tx.bulk(CODES, _codes(known, campaign_id, range(first, min(first + 10_000, ballots))))
    begun = perf_counter()
    taken = usecases.ballots.stream(HALL, _batches(campaign_id, ballots))
    intake_seconds, intake_memory = perf_counter() - begun, _megabytes()
    assert taken.accepted == ballots, taken
    open_ = usecases.campaigns.get(HALL, campaign_id)
    closed = usecases.campaigns.close(HALL, campaign_id, open_.version)
    begun = perf_counter()
    usecases.counting.count(HALL, campaign_id, closed.version)
    count_seconds = perf_counter() - begun
    shown = usecases.released.result(HALL, campaign_id, 0)
    counted = sum(group.counted for group in shown.kept.turnout)
    return Held(ballots, counted, len(shown.rows), intake_seconds, count_seconds, intake_memory, _megabytes())


def _codes(known: Codes, campaign_id: str, numbers: range) -> Iterator[dict[str, object]]:
    for number in numbers:
        code_hash, mask = known.presented(code(number))
        row = {"code_hash": code_hash, "campaign_id": campaign_id, "rater_group": number % 6, "own_unit": mask}
        yield {**row, "void": False, "only_object": None, "page": None}


def _batches(campaign_id: str, ballots: int) -> Iterator[Batch]:
    draw, cells = np.random.default_rng(20261122), hundred().cells
    for sequence, first in enumerate(range(0, ballots, BATCH), start=1):
        codes = [code(number) for number in range(first, min(first + BATCH, ballots))]
        ratings = draw.choice(CHOICES, size=len(codes) * cells, p=CHANCES).tobytes()
        yield Batch(campaign_id, "tablet", Channel.ON_SITE, sequence, codes, ratings)


def _megabytes() -> int:
    """The most this program held; what it was started from does not count, as it does in getrusage."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) // 1024


if __name__ == "__main__":
    number, database, register, keys = sys.argv[1:]
    made = Config("evaluation", database, Path(keys), Path(keys), create_keys=True)
    sys.stdout.write(json.dumps(asdict(main(int(number), replace(made, extra_database_urls={"register": register})))) + "\n")
