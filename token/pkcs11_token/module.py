"""A PKCS#11 module: loaded once, spoken to by one thread at a time, its errors in our words."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from pkcs11_token import errors

# The modules that were loaded, each with the SoftHSM configuration that it read then.
_modules: dict[str, str | None] = {}
# The logins that are held: initialising a module anew would end them.
logins_held: set[object] = set()
# python-pkcs11 promises a module that one thread alone calls it, and a module that was told so crashes otherwise.
turn = RLock()


def loaded_module(path: str, *, fresh: bool = False) -> Any:
    """The PKCS#11 module at `path`, loaded once a process.

    `fresh` makes it look at its tokens anew, unless somebody is logged in: that would end the login.
    """
    import pkcs11

    with turn:
        configuration = os.environ.get("SOFTHSM2_CONF")
        try:
            module = pkcs11.lib(path)
            if _modules.get(path, configuration) != configuration or (fresh and not logins_held):
                module.reinitialize()
        except pkcs11.PKCS11Error:
            raise errors.ModuleNotLoadable(module=path) from None
        _modules[path] = configuration
    return module


@contextmanager
def speaking_to(token: str) -> Iterator[None]:
    """Calls to a token, while other threads wait for their turn; python-pkcs11's errors become ours, without a PIN."""
    import pkcs11.exceptions as e

    try:
        with turn:
            yield
    except (e.PinIncorrect, e.PinInvalid):
        raise errors.WrongPin from None
    except e.PinLenRange:
        raise errors.PinLengthRefused from None
    except e.PinLocked:
        raise errors.PinLocked(token=token) from None
    except e.PinExpired:
        raise errors.PinExpired(token=token) from None
    except e.UserPinNotInitialized:
        raise errors.TokenNotInitialised(token=token) from None
    except (e.DeviceRemoved, e.TokenNotPresent, e.TokenNotRecognised, e.SlotIDInvalid, e.DeviceError):
        raise errors.TokenPulled from None
    except (e.SessionClosed, e.SessionHandleInvalid, e.UserNotLoggedIn, e.KeyHandleInvalid, e.ObjectHandleInvalid):
        raise errors.TokenSessionClosed from None
    except e.UserAlreadyLoggedIn:
        raise errors.LoginHeld from None
    except e.MechanismInvalid:
        raise errors.MechanismMissing(token=token, algorithm="?") from None
    except e.PKCS11Error as error:
        raise errors.TokenFailed(what=type(error).__name__) from None
