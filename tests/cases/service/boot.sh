#!/bin/bash
# boot.sh FOLDER BUILD [FILES]: becomes process 1 of a machine of its own, a real systemd on an overlay of this one's files, or
# of those of the system in FILES. Runs inside new pid, mount, uts, ipc, net and cgroup namespaces. BUILD is installed into the
# overlay ("" for nothing); nothing outside of FOLDER is written, and the kernel that both share is out of its reach.
set -eu
folder=$1 build=$2 files=${3:-/} root=$1/root

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$folder"
mkdir "$folder/upper" "$folder/work" "$root"
mount -t overlay overlay -o "lowerdir=$files,upperdir=$folder/upper,workdir=$folder/work" "$root"

# What Debian would do from time to time on a real machine, and this one's own units, do not belong to the test.
rm -rf "$root"/etc/systemd/system/*.wants "$root"/var/log/journal "$root"/etc/varta "$root"/var/lib/varta*
[ -z "$build" ] || DESTDIR=$root meson install -C "$build" --no-rebuild --quiet >"$folder/install.log" 2>&1 || {
    cat "$folder/install.log" >&2
    exit 70 # our fault, not this machine's
}

mount -t proc proc "$root/proc"
for path in sys sysrq-trigger; do
    [ -e "$root/proc/$path" ] || continue
    mount --bind "$root/proc/$path" "$root/proc/$path"
    mount -o remount,bind,ro "$root/proc/$path"
done
mount -t sysfs -o ro sysfs "$root/sys"

mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for node in null zero full random urandom tty; do
    touch "$root/dev/$node"
    mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for path in dev/shm tmp; do mount -t tmpfs -o mode=1777 tmpfs "$root/$path"; done
mount -t tmpfs -o mode=755 tmpfs "$root/run"

# The control groups that were made for us are the roots of what is seen here.
if [ "$(cut -d: -f1 /proc/self/cgroup)" = 0 ]; then
    mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
else
    mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
    while IFS=: read -r _ names _; do
        at=${names:-unified} options=$names type=cgroup
        [ -n "$names" ] || type=cgroup2
        mkdir "$root/sys/fs/cgroup/${at#name=}"
        mount -t $type ${options:+-o "$options"} $type "$root/sys/fs/cgroup/${at#name=}"
    done </proc/self/cgroup
fi

cd "$root"
mkdir -p old
pivot_root . old
umount -l /old
mount --make-rshared / # as process 1 does when there is no container: credentials come this way
exec env -i container=varta-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    setpriv --bounding-set=-sys_module,-sys_time,-sys_boot,-syslog,-sys_rawio \
    /lib/systemd/systemd systemd.unit=basic.target --show-status=0
