"""The family of errors that an operator can act on, and those of the token."""

from typing import ClassVar


class Marked(str):
    """Words of ours, unlike a name or a path: among an error's values they are translated with its message."""

    __slots__ = ()


def N_(message: str) -> str:
    """Mark a message for the catalogues; it is translated where it is shown."""
    return Marked(message)


class SperreError(Exception):
    """Something was refused or failed, nothing was changed, and the message says what to do.

    `template` is the English message with named fields, `values` fills them. `str()` of the error is the
    English text; the console translates the template and writes times and words in the operator's language.
    `exit_code` is what the command `sperre` ends with: 3 refused by a rule or a failed check, 4 the token,
    5 the store or a file cannot be used.
    """

    template: ClassVar[str] = ""
    exit_code: ClassVar[int] = 3

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.template.format(**values))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, SperreError) and self.values == other.values

    def __hash__(self) -> int:
        return hash((type(self), str(self)))


class StatementInvalid(SperreError):
    """`why` names the part that is wrong: form, header, payload, kid, alg or signature."""

    template = N_("The signed statement is not valid ({why}).")


class TokenError(SperreError):
    """The token cannot do what was asked."""

    exit_code = 4


class NoModuleConfigured(TokenError):
    template = N_("No token is set up on this site. Make a soft token with: sperre token init, or set token_module.")


class ModuleNotLoadable(TokenError):
    template = N_("The PKCS#11 module {module} cannot be loaded. Check token_module, and that the driver is installed.")


class UriInvalid(TokenError):
    template = N_("The PKCS#11 URI cannot be used: {why}. Check the setting token.")


class UriPartWrong(UriInvalid):
    template = N_("The PKCS#11 URI cannot be used: {part} is unknown, stands twice, or has no value.")


class NoToken(TokenError):
    template = N_("No token {token} is found. Insert it, or check the setting token.")


class SeveralTokens(TokenError):
    template = N_("Several tokens are present: {tokens}. Name one in the setting token.")


class NotEnrolledToken(TokenError):
    template = N_("The token that is present ({tokens}) is not enrolled on this site. Insert one that is.")


class TokenNotInitialised(TokenError):
    template = N_("The token {token} has no PIN yet: it must be initialised first.")


class WrongPin(TokenError):
    template = N_("The PIN is wrong. Try again; a token locks after a few wrong PINs.")


class PinLastTry(TokenError):
    template = N_(
        "Only one try is left: a wrong PIN now locks the token {token}. Only a PIN that is typed once more is tried."
    )


class PinLocked(TokenError):
    template = N_(
        "The token {token} is locked after too many wrong PINs. Unlock it with its PUK, or use another token."
    )


class PinExpired(TokenError):
    template = N_("The PIN of the token {token} has expired. Choose a new one with the token's own software.")


class PinLengthRefused(TokenError):
    template = N_("The PIN is too short or too long for the token.")


class PinRequired(TokenError):
    template = N_("A PIN is needed, and there is no terminal to ask on. Name a file with --pin-file.")


class PinFileUnreadable(TokenError):
    template = N_("The PIN file {path} cannot be read: {why}.")


class PinFileReadableByOthers(TokenError):
    template = N_("The PIN file {path} can be read by others. Protect it first: chmod 600 {path}")


class NoSigningKey(TokenError):
    template = N_("The token {token} has no key to sign with.")


class KeyNotSupported(TokenError):
    template = N_("The token's key is of a kind that Sperre does not use: EC P-256, P-384, or RSA from 2048 bits.")


class MechanismMissing(TokenError):
    template = N_("The token {token} cannot sign with {algorithm}. Use another token.")


class CertificateExpired(TokenError):
    template = N_("The certificate of {name} on the token expired on {date}. Use another token, or renew it.")


class TokenPulled(TokenError):
    template = N_("The token was pulled out. Nothing was changed: insert it and log in again.")


class TokenSessionClosed(TokenError):
    template = N_("The token has ended the login. Nothing was changed: log in again.")


class LoginHeld(TokenError):
    template = N_("The token is still busy with a login that was given up. Wait a moment, then try again.")


class WrongSignature(TokenError):
    template = N_("The token gave a wrong signature. Nothing was changed: pull it out, insert it and log in again.")


class TokenFailed(TokenError):
    template = N_("The token failed ({what}). Nothing was changed.")


class SoftTokenMissing(TokenError):
    template = N_(
        "SoftHSM is not installed. Install Debian's package softhsm2, or set token_module to your token's module."
    )


class SoftTokenExists(TokenError):
    template = N_("There is a soft token already in {directory}. It was left as it is.")


class SoftTokenFailed(TokenError):
    template = N_("SoftHSM could not make the token: {what}.")
