# Completes sortie's commands in fish. In ~/.config/fish/config.fish:
#   sortie completions fish | source
function __sortie_complete
    set -l words (commandline -poc)
    set -l lines ($words[1] __complete fish -- (commandline -pc) 2>/dev/null)
    set -l head $lines[1]
    for line in $lines[2..-1]
        echo $line
    end
    if string match -q '*files*' -- $head
        __fish_complete_path (commandline -ct)
    end
end
complete -c sortie -f -k -a '(__sortie_complete)'
