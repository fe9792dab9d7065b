"""What an administrator proves: PKCS#11 login, signed statements, and checking them."""
