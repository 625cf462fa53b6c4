# The Debian package, by CPack: `make deb`.
install(TARGETS parley RUNTIME DESTINATION bin)
install(FILES deploy/parley.service DESTINATION /lib/systemd/system)
install(FILES deploy/parley.toml DESTINATION /etc/parley)
install(FILES README.md CHANGELOG.md LICENSE docs/OPERATIONS.md docs/reference/settings.md docs/reference/errors.md
  deploy/nginx.conf deploy/Caddyfile deploy/grafana.json DESTINATION share/doc/parley)
install(FILES ${CMAKE_BINARY_DIR}/sbom.json DESTINATION share/doc/parley OPTIONAL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME parley)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The Parley authors <parley@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Real-time messaging and file-sharing server")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR OFF)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/deploy/debian/conffiles ${CMAKE_SOURCE_DIR}/deploy/debian/postinst
  ${CMAKE_SOURCE_DIR}/deploy/debian/prerm ${CMAKE_SOURCE_DIR}/deploy/debian/postrm)
include(CPack)
