#compdef sortie
# Completes sortie's commands in zsh. As _sortie in a folder of $fpath, or in ~/.zshrc behind compinit:
#   source <(sortie completions zsh)
_sortie() {
    local line="${(j: :)words[1,CURRENT-1]} $QIPREFIX$IPREFIX$PREFIX" head
    local -a lines values shown
    lines=("${(@f)$("${(Q)words[1]}" __complete zsh -- "$line" 2>/dev/null)}")
    head="$lines[1]"
    lines=("${(@)lines[2,-1]}")
    local one
    for one in "${lines[@]}"; do
        [[ -n "$one" ]] || continue
        values+=("${one%%$'\t'*}")
        shown+=("${one/$'\t'/  }")
    done
    # The value is the whole word: what stands before PREFIX is a part of it.
    PREFIX="$IPREFIX$PREFIX"
    IPREFIX=
    local -a how
    [[ "$head" == *open* ]] && how=(-S '')
    (( $#values )) && compadd -V sortie -l -d shown "${how[@]}" -a values
    [[ "$head" == *files* ]] && _files
    return 0
}
if [[ "$funcstack[1]" == _sortie ]]; then
    _sortie "$@"
else
    compdef _sortie sortie
fi
