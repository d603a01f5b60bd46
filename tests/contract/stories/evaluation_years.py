"""The year: a review entered, the year scored twice; one released, one still waiting for its second approval."""

from __future__ import annotations

from tests.contract.world import District, World


def tell(world: World, district: District) -> None:
    """What the office makes of two years of its district."""
    office, publisher = district.somebody("office"), district.somebody("publisher")
    second = district.somebody("office", subject=f"second-office@{district.slug}")
    for year in (2024, 2025):
        found = {"unit_path": district.unit, "year": year, "figure": "88", "day": f"{year}-11-01"}
        for person in (office, second):
            world.do("evaluation.RecordReview", district, person, **found)
        at = world.do("evaluation.ScoreYear", district, office, jurisdiction_path=district.path, year=year).table
        which = {"year_table_id": at.year_table_id}
        at = world.do("evaluation.ReleaseYear", district, office, **which, expected_version=at.version).table
        if year == 2025:
            world.do("evaluation.ReleaseYear", district, publisher, **which, expected_version=at.version)
    world.do("evaluation.ListYearScores", district, office, year=2025)
