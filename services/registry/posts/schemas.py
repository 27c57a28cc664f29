"""What the endpoints for posts take and give. Days are local (Asia/Shanghai), `valid_to` excluded."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from services.registry.posts.post import Post
from services.registry.posts.reading import Listed, PostRole
from services.registry.posts.roles import ZH
from shared.http.days import Day
from shared.http.types import Code, MediumText, StrictModel, Subject


class PostBody(StrictModel):
    """Who is to hold which role where; from today where `valid_from` is left out. `premises`: the number of the file of
    what a safety manager answers for, and no other role."""

    person: Subject
    role: PostRole
    unit: Code
    premises: Code | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    why: MediumText | None = None

    def post(self, id: UUID, today: date) -> Post:
        """The post that it asks for."""
        begins = self.valid_from or today
        return Post(id, self.person, self.role, self.unit, begins, self.valid_to, version=1)


class EndBody(StrictModel):
    """`on` is the first day without the post; today where it is left out."""

    on: Day | None = None
    why: MediumText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOut(Post):
    """`name` is what the person's account calls them, null where they have none. `premises_id`: what a safety manager
    answers for."""

    name: str | None
    role_zh: str
    premises_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPost(PostOut):
    unit_name: str
    premises_number: str | None
    premises_name: str | None


def shown(post: Post, name: str | None) -> PostOut:
    return PostOut(**asdict(post), name=name, role_zh=ZH[post.role])


def listed(one: Listed, name: str | None) -> ListedPost:
    return ListedPost(
        **asdict(one.post), name=name, role_zh=ZH[one.post.role], unit_name=one.unit_name,
        premises_number=one.premises_number, premises_name=one.premises_name,
    )  # fmt: skip
