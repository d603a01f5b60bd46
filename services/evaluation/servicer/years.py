"""The yearly composite."""

from __future__ import annotations

from fractions import Fraction

import grpc
from zhengfeng.evaluation.v1 import year_scores_pb2, year_scores_pb2_grpc, years_pb2, years_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.usecases.years import Wanted
from services.evaluation.wire import statements as days
from services.evaluation.wire import years as wire

Context = grpc.ServicerContext


class YearServicer(years_pb2_grpc.YearServiceServicer):
    """Years: reviews, scoring, release."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.years

    def RecordReview(self, request: years_pb2.RecordReviewRequest, context: Context) -> years_pb2.RecordReviewResponse:
        found = (Fraction(request.figure), request.organisation, request.report_number, days.day(request.day, "day"))
        review = self._cases.review(caller_of(context), request.unit_path, request.year, *found)
        return years_pb2.RecordReviewResponse(review=wire.review_message(review))

    def ScoreYear(self, request: years_pb2.ScoreYearRequest, context: Context) -> years_pb2.ScoreYearResponse:
        table = self._cases.score(caller_of(context), request.jurisdiction_path, request.year, request.reason)
        return years_pb2.ScoreYearResponse(table=wire.table_message(table))

    def ReleaseYear(self, request: years_pb2.ReleaseYearRequest, context: Context) -> years_pb2.ReleaseYearResponse:
        table = self._cases.release(caller_of(context), request.year_table_id, request.expected_version)
        return years_pb2.ReleaseYearResponse(table=wire.table_message(table))

    def GetYearTable(self, request: years_pb2.GetYearTableRequest, context: Context) -> years_pb2.GetYearTableResponse:
        table = self._cases.table(caller_of(context), request.year_table_id)
        return years_pb2.GetYearTableResponse(table=wire.table_message(table))

    def ListYearTables(self, request: years_pb2.ListYearTablesRequest, context: Context) -> years_pb2.ListYearTablesResponse:
        tables, token = self._cases.tables(caller_of(context), request.page_size, request.page_token)
        rows = [wire.table_message(one) for one in tables]
        return years_pb2.ListYearTablesResponse(tables=rows, next_page_token=token)


class YearScoreServicer(year_scores_pb2_grpc.YearScoreServiceServicer):
    """Scores of a year."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.years

    def ListYearScores(
        self, request: year_scores_pb2.ListYearScoresRequest, context: Context
    ) -> year_scores_pb2.ListYearScoresResponse:
        scores, token = self._cases.scores(caller_of(context), _wanted(request))
        rows = [wire.score_message(one) for one in scores]
        return year_scores_pb2.ListYearScoresResponse(scores=rows, next_page_token=token)

    def ListPublicYearScores(
        self, request: year_scores_pb2.ListPublicYearScoresRequest, context: Context
    ) -> year_scores_pb2.ListPublicYearScoresResponse:
        scores, token = self._cases.published(_wanted(request))
        rows = [wire.public_message(one) for one in scores]
        return year_scores_pb2.ListPublicYearScoresResponse(scores=rows, next_page_token=token)

    def GetYearScore(
        self, request: year_scores_pb2.GetYearScoreRequest, context: Context
    ) -> year_scores_pb2.GetYearScoreResponse:
        score = self._cases.one(caller_of(context), request.year_score_id)
        return year_scores_pb2.GetYearScoreResponse(score=wire.score_message(score, explained=True))


def _wanted(request: year_scores_pb2.ListYearScoresRequest | year_scores_pb2.ListPublicYearScoresRequest) -> Wanted:
    return Wanted(request.year, request.jurisdiction_path, request.page_size, request.page_token)
