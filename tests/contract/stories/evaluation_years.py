"""The year: a review entered, the year scored twice; one released, one still waiting for its second approval."""

from __future__ import annotations

from tests.contract.world import District, World


def tell(world: World, district: District) -> None:
    """What the office makes of two years of its district."""
    office, publisher = district.somebody("office"), district.somebody("publisher")
    for year in (2025, 2026):
        found = {"unit_path": district.unit, "year": year, "figure": "88", "day": f"{year}-11-01"}
        world.do("evaluation.RecordReview", district, office, **found)
        at = world.do("evaluation.ScoreYear", district, office, jurisdiction_path=district.path, year=year).table
        which = {"year_table_id": at.year_table_id}
        at = world.do("evaluation.ReleaseYear", district, office, **which, expected_version=at.version).table
        if year == 2025:
            world.do("evaluation.ReleaseYear", district, publisher, **which, expected_version=at.version)
