# How CPack makes a Debian package and an RPM of each component.
set(CPACK_PACKAGE_NAME ecrbridge)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR "ecrbridge contributors")
set(CPACK_PACKAGE_CONTACT "ecrbridge contributors <ecrbridge@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "bridge between cash registers and QFPay's terminals")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_COMPONENTS_ALL bridge simulator)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_COMPONENT_BRIDGE_DESCRIPTION
"Lets cash registers take payments on QFPay terminals: over TCP, a serial
port or a virtual one, in a language they already speak. Every order is in a
journal before the cloud can hear of it, and is asked about until its end is
known, also over a power cut.
.
Installing it starts nothing: it is configured first.")
set(CPACK_COMPONENT_SIMULATOR_DESCRIPTION
"A simulated QFPay cloud with terminals, shoppers and every fault there is, to
try a till before real money moves. QFPay has no sandbox for terminals.
.
A machine that serves a shop does not need it.")

set(scripts ${CMAKE_CURRENT_LIST_DIR}/../debian)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_BRIDGE_PACKAGE_NAME ecrbridge)
# The certificates are how the bridge knows that the cloud is QFPay's.
set(CPACK_DEBIAN_BRIDGE_PACKAGE_DEPENDS "ca-certificates")
set(CPACK_DEBIAN_BRIDGE_PACKAGE_RECOMMENDS "systemd")
set(CPACK_DEBIAN_BRIDGE_PACKAGE_SUGGESTS "ecrbridge-simulator, sqlite3")
set(CPACK_DEBIAN_BRIDGE_PACKAGE_CONTROL_EXTRA
    ${scripts}/conffiles ${scripts}/postinst ${scripts}/prerm ${scripts}/postrm)
set(CPACK_DEBIAN_SIMULATOR_PACKAGE_NAME ecrbridge-simulator)
set(CPACK_DEBIAN_SIMULATOR_PACKAGE_SECTION devel)

set(scripts ${CMAKE_CURRENT_LIST_DIR}/../rpm)
set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE "MIT AND BSL-1.0 AND BSD-3-Clause")
set(CPACK_RPM_BRIDGE_PACKAGE_NAME ecrbridge)
set(CPACK_RPM_BRIDGE_PACKAGE_REQUIRES "ca-certificates")
set(CPACK_RPM_BRIDGE_POST_INSTALL_SCRIPT_FILE ${scripts}/post.sh)
set(CPACK_RPM_BRIDGE_PRE_UNINSTALL_SCRIPT_FILE ${scripts}/preun.sh)
set(CPACK_RPM_BRIDGE_POST_UNINSTALL_SCRIPT_FILE ${scripts}/postun.sh)
set(CPACK_RPM_BRIDGE_USER_FILELIST
    "%config(noreplace) /etc/ecrbridge/ecrbridged.toml"
    "%attr(0700,root,root) %dir /etc/ecrbridge/keys")
set(CPACK_RPM_SIMULATOR_PACKAGE_NAME ecrbridge-simulator)
# Folders that the distribution's own packages have.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
    /lib /lib/systemd /lib/systemd/system /usr/lib/systemd /usr/lib/systemd/system
    /usr/share/man /usr/share/man/man1 /usr/share/man/man8 /usr/share/lintian
    /usr/share/lintian/overrides /usr/share/bash-completion /usr/share/bash-completion/completions
    /usr/share/zsh /usr/share/zsh/vendor-completions /usr/share/fish
    /usr/share/fish/vendor_completions.d)
# What is in an RPM says when the sources changed last, not when it was packed.
set(CPACK_RPM_SPEC_MORE_DEFINE
    "%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1
%define _buildhost localhost
%define _build_id_links none")
include(CPack)
