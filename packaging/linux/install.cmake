# What an installation consists of, in two components: `bridge`, all that a shop needs, and
# `simulator`. Names are those of Debian; packaging/package.sh makes packages of it.
include(GNUInstallDirs)

# Debian 12 has its units in /lib; package.sh says so.
set(ECR_UNIT_DIR "lib/systemd/system" CACHE STRING "Where systemd's units go")
set(doc ${CMAKE_INSTALL_DATADIR}/doc)
set(packaging ${PROJECT_SOURCE_DIR}/packaging)

# Manuals and change logs are installed compressed, and the same way each time.
function(ecr_install_compressed component file folder name)
    install(CODE "
        set(to \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${folder}\")
        file(MAKE_DIRECTORY \"\${to}\")
        execute_process(COMMAND gzip -9nc \"${file}\"
            OUTPUT_FILE \"\${to}/${name}.gz\" COMMAND_ERROR_IS_FATAL ANY)
        file(CHMOD \"\${to}/${name}.gz\"
            PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)"
        COMPONENT ${component})
endfunction()

# What every package has beside its files: its licence, its changes, its reasons.
function(ecr_install_about component package)
    ecr_install_compressed(${component} ${PROJECT_BINARY_DIR}/packages/changelog
        ${doc}/${package} changelog)
    install(FILES ${packaging}/debian/copyright DESTINATION ${doc}/${package}
        COMPONENT ${component})
    install(FILES ${packaging}/debian/${package}.lintian-overrides RENAME ${package}
        DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT ${component})
endfunction()

# The bridge.
install(TARGETS ecrbridged RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT bridge)
install(FILES ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/ecrbridge DESTINATION ${CMAKE_INSTALL_BINDIR}
    COMPONENT bridge)
install(FILES ${packaging}/ecrbridged.toml
    DESTINATION /etc/ecrbridge COMPONENT bridge)
# Keys go here; root alone may look, and systemd hands them over.
install(DIRECTORY DESTINATION /etc/ecrbridge/keys
    DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE COMPONENT bridge)
install(FILES
    ${PROJECT_SOURCE_DIR}/systemd/ecrbridged.service
    ${PROJECT_SOURCE_DIR}/systemd/ecrbridged-failed.service
    DESTINATION ${ECR_UNIT_DIR} COMPONENT bridge)
install(PROGRAMS ${packaging}/linux/wait-for-orders
    DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/ecrbridge COMPONENT bridge)
install(FILES ${packaging}/completions/ecrbridge.bash RENAME ecrbridge
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT bridge)
install(FILES ${packaging}/completions/_ecrbridge
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT bridge)
install(FILES ${packaging}/completions/ecrbridge.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT bridge)
ecr_install_compressed(bridge ${packaging}/man/ecrbridged.8 ${CMAKE_INSTALL_MANDIR}/man8
    ecrbridged.8)
ecr_install_compressed(bridge ${packaging}/man/ecrbridge.1 ${CMAKE_INSTALL_MANDIR}/man1 ecrbridge.1)
ecr_install_about(bridge ecrbridge)
install(FILES ${packaging}/README.md RENAME guide.md DESTINATION ${doc}/ecrbridge
    COMPONENT bridge)
install(FILES ${packaging}/openapi.yaml
    ${packaging}/monitoring/alerts.yml ${packaging}/monitoring/dashboard.json
    DESTINATION ${doc}/ecrbridge/examples COMPONENT bridge)
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${doc}/ecrbridge COMPONENT bridge)
install(FILES ${PROJECT_SOURCE_DIR}/protocol/till/line/README.md RENAME line-dialect.md
    DESTINATION ${doc}/ecrbridge COMPONENT bridge)
install(DIRECTORY ${packaging}/samples DESTINATION ${doc}/ecrbridge/examples COMPONENT bridge)
install(FILES ${PROJECT_SOURCE_DIR}/systemd/serial.conf DESTINATION ${doc}/ecrbridge/examples
    COMPONENT bridge)

# The simulated cloud: for installers and developers, and no business of a shop's machine.
install(TARGETS qfpay-sim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT simulator)
ecr_install_compressed(simulator ${packaging}/man/qfpay-sim.1 ${CMAKE_INSTALL_MANDIR}/man1
    qfpay-sim.1)
ecr_install_about(simulator ecrbridge-simulator)
install(FILES ${PROJECT_SOURCE_DIR}/tests/simulator/README.md
    DESTINATION ${doc}/ecrbridge-simulator COMPONENT simulator)

include(${packaging}/linux/cpack.cmake)
