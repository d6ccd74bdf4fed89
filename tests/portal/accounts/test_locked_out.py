"""Too many wrong passwords: the page says until when no other is taken."""

import re

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_time_is_said_and_is_enough(manager: User) -> None:
    cache.clear()
    manager.set_password("right")
    manager.save()

    def signs_in(password: str) -> str:
        posted = {"login": manager.username, "password": password}
        return Browser().post(reverse("account_login"), posted, follow=True).text

    with time_machine.travel("2026-11-30 10:00:30Z", tick=False) as clock:
        for _ in range(5):
            assert "is wrong" in signs_in("wrong")
        assert "You can try again from 10:06 (UK time)." in signs_in("right")
        clock.move_to("2026-11-30 10:06:00Z")
        assert not re.search("is wrong|try again", signs_in("right"))
