# Completes sortie's commands in bash 3.2 and later. In ~/.bashrc:
#   source <(sortie completions bash)
_sortie() {
    local line="${COMP_LINE:0:COMP_POINT}" listed=() head reply
    # Behind a second TAB candidates are only listed: then a description may stand behind each.
    [[ ${COMP_TYPE:-9} == 63 ]] && listed=(--listed)
    COMPREPLY=()
    {
        IFS= read -r head
        while IFS= read -r reply; do
            COMPREPLY[${#COMPREPLY[@]}]="$reply"
        done
    } < <("${1/#\~/$HOME}" __complete bash ${listed[0]+"${listed[@]}"} --breaks="$COMP_WORDBREAKS" -- "$line" 2>/dev/null)
    case "$head" in
        *files*)
            if type compopt >/dev/null 2>&1 && ((${#COMPREPLY[@]} == 0)); then
                compopt -o default
            else
                while IFS= read -r reply; do
                    COMPREPLY[${#COMPREPLY[@]}]="$reply"
                done < <(compgen -f -- "$2")
            fi
            ;;
    esac
    case "$head" in
        *open*) type compopt >/dev/null 2>&1 && compopt -o nospace ;;
    esac
    # The newest stay first, where bash can leave them so (4.4 and later).
    type compopt >/dev/null 2>&1 && compopt -o nosort 2>/dev/null
    return 0
}
complete -F _sortie sortie
