#!/usr/bin/env bash
# startup_bench.sh [-n ROUNDS] [-s SETTLE_MS] NAME=COMMAND...
# Start and memory of programs with a window, in turn, under an Xvfb and a D-Bus session of their own.
# Prints one line of JSON: {NAME: {"painted": [ms...], "pss": [MiB...]}}.
#  painted  from exec until the screen first looks as it will: from then on never more than 0.5 % of its pixels
#           differ from what it shows SETTLE_MS (default 2000) later. A splash or a spinner is not the first
#           screen, a blinking cursor does not matter.
#  pss      sum over the process tree at that moment
# COMMAND is split as a shell would, without expansions; the first round warms the caches and is not counted.
# Needs: Xvfb, dbus-run-session, python3 (standard library only).
set -euo pipefail
rounds=5 settle=2000
while getopts n:s: option; do
  case $option in n) rounds=$OPTARG ;; s) settle=$OPTARG ;; *) exit 2 ;; esac
done
shift $((OPTIND - 1))
[ $# -ge 1 ] || { sed -n 2,10p "$0" >&2; exit 2; }
for tool in Xvfb dbus-run-session python3; do
  command -v $tool >/dev/null || { echo "startup_bench.sh: $tool is missing" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ROUNDS=$rounds SETTLE=$settle WORK=$work NO_AT_BRIDGE=1
export HOME=$work/home XDG_RUNTIME_DIR=$work/run
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME WAYLAND_DISPLAY
cat >"$work/bench.py" <<'PY'
import json, mmap, os, shlex, signal, struct, subprocess, sys, time

work, rounds, settle = os.environ['WORK'], int(os.environ['ROUNDS']), int(os.environ['SETTLE']) / 1000
programs = dict(argument.split('=', 1) for argument in sys.argv[1:])
COLOURS, LIKE, PATIENCE = 12, 0.005, 60  # text is anti-aliased: a blank window has fewer colours

reading, writing = os.pipe()
xvfb = subprocess.Popen(
    ['Xvfb', '-displayfd', str(writing), '-screen', '0', '1280x800x24', '-br', '-nolisten', 'tcp', '-fbdir', work],
    pass_fds=[writing], stderr=subprocess.DEVNULL)
display = ':' + os.read(reading, 16).decode().strip()
time.sleep(.5)
# the screen is a file in memory (XWD): looking at it costs the programs nothing
frame = open(work + '/Xvfb_screen0', 'rb')
screen = mmap.mmap(frame.fileno(), 0, prot=mmap.PROT_READ)
header = struct.unpack('>25I', screen[:100])
begin, width, height, line = header[0] + header[19] * 12, header[4], header[5], header[12]

def snap():
    return b''.join(screen[begin + y * line: begin + y * line + width * 4] for y in range(0, height, 4))

def pixels(shot):
    return memoryview(shot).cast('I')

def differing(one, other):
    """The share of pixels that differ."""
    row, count = width * 4, 0
    for at in range(0, len(one), row):
        if one[at:at + row] != other[at:at + row]:
            count += sum(a != b for a, b in zip(pixels(one[at:at + row]), pixels(other[at:at + row])))
    return count / (len(one) / 4)

def tree(root):
    children = {}
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            stat = open(f'/proc/{pid}/stat').read()
        except OSError:
            continue
        children.setdefault(int(stat.rsplit(')', 1)[1].split()[1]), []).append(int(pid))
    todo, found = [root], []
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found

def pss(pids):
    total = 0
    for pid in pids:
        try:
            rollup = open(f'/proc/{pid}/smaps_rollup').read()
        except OSError:
            continue
        total += sum(int(l.split()[1]) for l in rollup.splitlines() if l.startswith('Pss:')) / 1024
    return total

def measure(name, command):
    env = dict(os.environ, DISPLAY=display, GDK_BACKEND='x11')
    log = f'{work}/{name}.log'
    shots = [(0, snap())]
    begun = time.perf_counter()
    program = subprocess.Popen(shlex.split(command), env=env, stdout=open(log, 'w'), stderr=subprocess.STDOUT,
                               start_new_session=True)
    content = None
    while content is None or now - content < settle:
        time.sleep(.003)
        now = time.perf_counter() - begun
        if program.poll() is not None or now > PATIENCE:
            sys.exit(f'{name}: no screen after {now:.1f} s, exit {program.poll()}\n{open(log).read()[-2000:]}')
        shot = snap()
        if shot != shots[-1][1]:
            shots.append((now, shot))
        if content is None and len(set(pixels(shots[-1][1]))) >= COLOURS:
            content = now
    memory = pss(tree(program.pid))
    # back from the end: the first shot from which on all are like the last one
    final, painted = shots[-1][1], shots[-1][0]
    for at, shot in reversed(shots):
        if differing(shot, final) > LIKE:
            break
        painted = at
    end(program)
    return painted * 1000, memory

def end(program):
    for pid in reversed(tree(program.pid)):
        try:
            os.kill(pid, signal.SIGTERM)
        except OSError:
            pass
    try:
        program.wait(5)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
    for _ in range(200):  # until the screen is black again
        if len(set(pixels(snap()))) == 1:
            break
        time.sleep(.02)

found = {name: {'painted': [], 'pss': []} for name in programs}
try:
    for number in range(rounds + 1):
        for name, command in programs.items():
            painted, memory = measure(name, command)
            if number:
                found[name]['painted'].append(round(painted, 1))
                found[name]['pss'].append(round(memory, 1))
    print(json.dumps(found))
finally:
    xvfb.terminate()
    xvfb.wait()
PY
# what the bus says of services that this display does not have is noise
dbus-run-session -- sh -c 'exec python3 "$@" 2>&3' sh "$work/bench.py" "$@" 3>&2 2>/dev/null
