# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the checks against a real kernel have in common, sourced by them: Debian's kernel, kept in
# ${XDG_CACHE_HOME:-~/.cache}/locksmith-kernel, and a guest made of a few programs with the
# libraries they need. No KVM: the guest is emulated, boots in seconds and needs no rights.
#
# The caller sets $build and $work.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/locksmith-kernel
limit_s=600

say () { printf '%s\n' "$*" >&2; }
give_up () { say "kernel check: $*"; exit 2; }

install_packages () {
  local missing=() package
  command -v qemu-system-x86_64 >/dev/null || missing+=(qemu-system-x86)
  command -v usbip >/dev/null || [ -x /usr/sbin/usbip ] || missing+=(usbip)
  [ -x /bin/busybox ] && ! ldd /bin/busybox >/dev/null 2>&1 || missing+=(busybox-static)
  [ -x /sbin/modinfo ] || missing+=(kmod)
  command -v udevadm >/dev/null || missing+=(udev)
  for package in cpio gzip xz-utils; do command -v "${package%-utils}" >/dev/null || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || give_up "needs ${missing[*]}"
  say "installing ${missing[*]}"
  $([ "$(id -u)" -eq 0 ] || echo sudo) apt-get install -y --no-install-recommends "${missing[@]}" >&2 ||
    give_up "installing ${missing[*]} failed"
}

# The cloud flavour has no USB; any 6.1 kernel of Debian 12 will do.
fetch_kernel () {
  local package
  mkdir -p "$cache"
  [ -f "$cache/done" ] && return
  package=$(apt-cache pkgnames linux-image-6.1.0- 2>/dev/null | grep -E '^linux-image-6\.1\.0-[0-9]+-amd64$' | sort -V | tail -n 1)
  [ -n "$package" ] || give_up "apt knows no linux-image-6.1.0-*-amd64"
  say "downloading $package"
  rm -rf "$cache"/k "$cache"/*.deb
  (cd "$cache" && apt-get download "$package" >&2 2>&1) || give_up "downloading $package failed"
  dpkg -x "$cache"/linux-image-*.deb "$cache/k"
  rm -f "$cache"/linux-image-*.deb
  extract_kernel
  touch "$cache/done"
}

# Uncompressed it is started directly (PVH), which saves emulating firmware, loader and decompressor.
extract_kernel () {
  local image offset
  image=$(echo "$cache"/k/boot/vmlinuz-*)
  offset=$(LC_ALL=C grep -abo -P '\xfd7zXZ\x00' "$image" | head -n 1 | cut -d: -f1 || true)
  if [ -n "$offset" ]; then
    tail -c +$((offset + 1)) "$image" | xz -dc --single-stream >"$cache/vmlinux" 2>/dev/null || true
  fi
  [ -s "$cache/vmlinux" ] || cp "$image" "$cache/vmlinux"
}

# A program with the libraries it needs.
add_program () { # file name-in-guest
  local library
  cp -L "$1" "$root/bin/$2"
  for library in $(ldd "$1" | grep -o '/[^ ]*'); do
    mkdir -p "$root$(dirname "$library")"
    cp -Ln "$library" "$root$library"
  done
}

# A module after those it depends on.
add_module () { # name
  local file dependency
  grep -qx "$1" "$root/lib/modules/names" && return
  file=$(find "$cache/k/lib/modules" -name "$1.ko*" -o -name "${1//_/-}.ko*" | head -n 1)
  [ -n "$file" ] || return 0 # built in
  echo "$1" >>"$root/lib/modules/names"
  for dependency in $(/sbin/modinfo -F depends "$file" | tr ',' ' '); do add_module "$dependency"; done
  cp "$file" "$root/lib/modules/"
  basename "$file" >>"$root/lib/modules/order"
}

# An initramfs tree that can attach USB/IP devices, in $root. Its /init comes from the caller.
make_root () {
  local applet module
  root=$work/root
  mkdir -p "$root"/{bin,proc,sys,dev,run,tmp,etc,root,lib/modules,var/run}
  touch "$root/lib/modules/names"
  cp /bin/busybox "$root/bin/"
  for applet in basename cat echo grep ifconfig insmod ls mkdir mount nc poweroff readlink route seq sh sleep timeout; do
    ln -s busybox "$root/bin/$applet"
  done
  add_program "$(command -v usbip || echo /usr/sbin/usbip)" usbip
  add_program "$(command -v udevadm)" udevadm
  ln -s udevadm "$root/bin/systemd-udevd"
  for module in virtio_pci virtio_net usbcore usbip_core vhci_hcd usbserial ftdi_sio; do add_module "$module"; done
}

# Boots it; what it prints goes to stdout.
boot_root () { # port [guest forward]
  local forward=${2:+,guestfwd=tcp:10.0.2.100:1-cmd:$2}
  (cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initramfs.gz"
  timeout "$limit_s" qemu-system-x86_64 -accel tcg -cpu max -m 512 -nographic -no-reboot -nodefaults -serial stdio \
    -netdev "user,id=n0,restrict=off$forward" -device virtio-net-pci,netdev=n0,romfile= \
    -kernel "$cache/vmlinux" -initrd "$work/initramfs.gz" \
    -append "console=ttyS0 panic=-1 quiet mitigations=off usbip_port=$1" </dev/null | tr -d '\r'
}

check_machine () { # program…
  local file
  [ "$(uname -m)" = x86_64 ] || give_up "needs an x86-64 machine"
  for file in "$@"; do
    [ -x "$build/$file" ] || give_up "$build/$file is not built; run tools/build"
  done
  install_packages
  fetch_kernel
}
