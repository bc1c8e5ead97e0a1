from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_posthog.errors import SettingsFileError
from jupyter_posthog.settings import ExecutorChoice, KernelOptions, OnShutdown, load_kernel_options


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "posthog").mkdir(parents=True)
    (tmp_path / "posthog" / "connections.toml").write_text(text)
    return tmp_path


def test_without_settings_the_best_way_is_taken_and_nothing_is_stopped() -> None:
    assert load_kernel_options({}, []) == KernelOptions(executor=ExecutorChoice.AUTO, on_shutdown=OnShutdown.DETACH)


def test_the_environment_is_stronger_than_files_choice_by_choice(tmp_path: Path) -> None:
    strong = folder(tmp_path / "a", '[kernel]\nexecutor = "runs"\non_shutdown = "stop"\n')
    weak = folder(tmp_path / "b", '[kernel]\nexecutor = "query"\n')

    found = load_kernel_options({"POSTHOG_EXECUTOR": "stream"}, [strong, weak])

    assert found == KernelOptions(executor=ExecutorChoice.STREAM, on_shutdown=OnShutdown.STOP)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[kernel]\nexecutor = "fast"', "executor is one of auto"),
        ("[kernel]\nspeed = 1", "does not know speed"),
        ("kernel = 1", "not a table"),
        ("[kernel]\non_shutdown = true", "on_shutdown is one of"),
    ],
)
def test_a_wrong_choice_names_what_there_is(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsFileError) as caught:
        load_kernel_options({}, [folder(tmp_path, text)])

    assert words in caught.value.problem
