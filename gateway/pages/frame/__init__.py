"""What every page is made of: the visit, the template, forms from contracts, ledgers, records, words and dates."""
