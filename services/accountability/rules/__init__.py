"""The decision table: typed rows read from a pack, asked about what a party did, answering with reasons.

Pure: no database, no clock, no message. `words` names what a cell may say, `measures` what may be imposed and by whom,
`pack` and `read` turn a text into a table or into a list of faults, `judge` asks a table, `versions` picks between the
version of then and of now, `ranges` turns the rows that fired into what a decider may choose, `propose` is the whole.
A word that is not known, an input that is missing or a row that cannot be read is an error naming row and field; a
row never just does not fire.
"""
