"""annotator completion: the Tab key for the shell."""

from enum import StrEnum
from typing import Annotated

import typer


class Shell(StrEnum):
    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


_SCRIPTS = {
    Shell.BASH: """_annotator() {
    local IFS=$'\\n'
    COMPREPLY=($(annotator completion bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -o nosort -F _annotator annotator""",
    Shell.ZSH: """#compdef annotator
_annotator() {
    local -a found
    found=("${(@f)$(annotator completion zsh -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n ${found[1]} ]]; then compadd -Q -- "${found[@]}"; else _files; fi
}
compdef _annotator annotator""",
    Shell.FISH: """function __annotator
    set -l words (commandline -opc) (commandline -ct)
    annotator completion fish -- $words[2..-1] 2>/dev/null
end
complete --command annotator --arguments '(__annotator)'""",
}


def completion(
    context: typer.Context,
    shell: Annotated[Shell, typer.Argument(help="Which one asks.")],
    words: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
) -> None:
    """Print what makes the Tab key of a shell complete commands, options, formats and projects.

    The last line of ~/.bashrc: source <(annotator completion bash). Of ~/.zshrc: the same with
    zsh. For fish: annotator completion fish > ~/.config/fish/completions/annotator.fish

    Example: annotator completion bash
    """
    if words is None:
        typer.echo(_SCRIPTS[shell])
        return
    from landmark_annotator.annotator.cli.support.completion import candidates

    assert context.parent is not None
    for each in candidates(context.parent.command, words):
        typer.echo(each)
