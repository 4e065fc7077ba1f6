/* Included in what is compiled for the package (addons.mjs, sqlite-shell.mjs): Debian 12 has glibc 2.36, and a newer one gives this function a new version. */
#ifdef __x86_64__
__asm__(".symver fmod,fmod@GLIBC_2.2.5");
#else
__asm__(".symver fmod,fmod@GLIBC_2.17");
#endif
