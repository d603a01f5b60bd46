"""Ports to the outside: one module for each way in or out of the house, used by couriers; shelves also by servers.

    letter    what is sent, what comes back, and what every channel can do
    webhook   a signed HTTP POST
    signing   its signature, made and checked
    posting   an HTTP POST that has an end
    reach     where may be connected to at all
    mail      SMTP
    sms       a provider's HTTP interface
    mailbox   IMAP
    peer      gRPC to another deployment, parcels sealed to its public key
    clamd     a virus scanner's socket
    shelves   where files are kept: a folder of this machine
    s3        the same in a bucket that speaks S3
    shelving  which of the two, as configured
    sealed_files  files encrypted piece by piece

Nothing here knows a service, a database or who may see what: it is given an address and bytes, and gives back a receipt
or says why there is none. Every call has an end. See docs/adr/0012.
"""
