/* A PKCS#11 module for tests: it forwards to SoftHSM, and fails in the way that a control file names.
 *
 * SPERRE_SHIM_MODULE is SoftHSM's module, SPERRE_SHIM_CONTROL the control file, read anew at each call: words such as
 * "pulled", "hang-sign", "wrong-signature". Only the entries that fail are replaced in SoftHSM's function list.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long CK_ULONG;
typedef CK_ULONG CK_RV;
typedef unsigned char CK_BYTE;
typedef struct { CK_BYTE major, minor; } CK_VERSION;
typedef struct { CK_VERSION version; void *entry[68]; } FunctionList;
typedef struct { CK_ULONG type; void *value; CK_ULONG length; } Attribute;
typedef struct { CK_ULONG type; void *parameter; CK_ULONG length; } Mechanism;

enum { /* places in the function list of PKCS#11 2.40 */
    INITIALIZE = 0, GET_FUNCTION_LIST = 3, GET_SLOT_LIST = 4, GET_TOKEN_INFO = 6, GET_MECHANISM_LIST = 7, OPEN_SESSION = 12,
    CLOSE_SESSION = 13, CLOSE_ALL_SESSIONS = 14, GET_SESSION_INFO = 15, LOGIN = 18, LOGOUT = 19, GET_ATTRIBUTE = 24,
    DIGEST_INIT = 37, DIGEST = 38, SIGN_INIT = 42, SIGN = 43
};
#define CKR_OK 0x0UL
#define CKR_DEVICE_ERROR 0x30UL
#define CKR_DEVICE_REMOVED 0x32UL
#define CKR_MECHANISM_INVALID 0x70UL
#define CKR_PIN_INCORRECT 0xA0UL
#define CKR_PIN_EXPIRED 0xA3UL
#define CKR_PIN_LOCKED 0xA4UL
#define CKR_SESSION_HANDLE_INVALID 0xB3UL
#define CKR_TOKEN_NOT_PRESENT 0xE0UL
#define CKR_USER_NOT_LOGGED_IN 0x101UL
#define CKR_USER_PIN_NOT_INITIALIZED 0x102UL
#define CKM_SHA256_RSA_PKCS 0x40UL
#define CKM_SHA_1 0x220UL
#define CKM_SHA256 0x250UL
#define CKM_ECDSA 0x1041UL
#define CKM_ECDSA_SHA256 0x1044UL
#define CKA_ALWAYS_AUTHENTICATE 0x202UL
#define CKU_CONTEXT_SPECIFIC 2UL
#define SERIAL_AT 80 /* offsets in CK_TOKEN_INFO: label 32, manufacturer 32, model 16, serial 16 */
#define FLAGS_AT 96

static FunctionList *real, mine;
static int context_pin, hashes, looked_anew;

static const char *control(void) {
    static __thread char words[4096];
    FILE *file = fopen(getenv("SPERRE_SHIM_CONTROL"), "r");
    size_t length = file ? fread(words, 1, sizeof words - 1, file) : 0;
    if (file) fclose(file);
    words[length] = 0;
    return words;
}

static int on(const char *word) { return strstr(control(), word) != NULL; }
static void hang_while(const char *word) { while (on(word)) usleep(10000); }

/* Pulling a token ends its sessions: they do not come back with it. */
static int pulled(void) {
    CK_RV (*list)(CK_BYTE, CK_ULONG *, CK_ULONG *) = real->entry[GET_SLOT_LIST];
    CK_RV (*close_all)(CK_ULONG) = real->entry[CLOSE_ALL_SESSIONS];
    CK_ULONG slots[16], count = 16;
    if (!on("pulled")) return 0;
    if (list(1, slots, &count) == CKR_OK)
        while (count > 0) close_all(slots[--count]);
    return 1;
}

static CK_RV initialize(void *arguments) {
    CK_RV (*call)(void *) = real->entry[INITIALIZE];
    looked_anew = on("slots-stale");
    return call(arguments);
}

static CK_RV get_slot_list(CK_BYTE present, CK_ULONG *slots, CK_ULONG *count) {
    CK_RV (*call)(CK_BYTE, CK_ULONG *, CK_ULONG *) = real->entry[GET_SLOT_LIST];
    if (pulled()) { *count = 0; return CKR_OK; }
    if (on("slots-changed") && slots) return CKR_DEVICE_ERROR;
    if (on("slots-stale") && !looked_anew) return CKR_DEVICE_ERROR;
    return call(present, slots, count);
}

static CK_RV get_token_info(CK_ULONG slot, CK_BYTE *info) {
    CK_RV (*call)(CK_ULONG, CK_BYTE *) = real->entry[GET_TOKEN_INFO];
    if (pulled()) return CKR_TOKEN_NOT_PRESENT;
    CK_RV result = call(slot, info);
    CK_ULONG *flags = (CK_ULONG *)(info + FLAGS_AT);
    if (on("swapped")) info[SERIAL_AT] ^= 1;
    if (on("count-low")) *flags |= 0x10000;
    if (on("final-try")) *flags |= 0x20000;
    if (on("flag-locked")) *flags |= 0x40000;
    if (on("pin-pad")) *flags |= 0x100;
    return result;
}

static CK_RV get_mechanism_list(CK_ULONG slot, CK_ULONG *mechanisms, CK_ULONG *count) {
    CK_RV (*call)(CK_ULONG, CK_ULONG *, CK_ULONG *) = real->entry[GET_MECHANISM_LIST];
    if (on("no-mechanisms")) { *count = 0; return CKR_OK; }
    CK_RV result = call(slot, mechanisms, count);
    for (CK_ULONG i = 0; on("no-hashing") && mechanisms && i < *count; i++)
        if (mechanisms[i] == CKM_SHA256_RSA_PKCS) mechanisms[i] = CKM_SHA_1;
    for (CK_ULONG i = 0; on("hashes-itself") && mechanisms && i < *count; i++)
        if (mechanisms[i] == CKM_ECDSA) mechanisms[i] = CKM_ECDSA_SHA256;
    return result;
}

static CK_RV open_session(CK_ULONG slot, CK_ULONG flags, void *data, void *notify, CK_ULONG *session) {
    CK_RV (*call)(CK_ULONG, CK_ULONG, void *, void *, CK_ULONG *) = real->entry[OPEN_SESSION];
    if (pulled()) return CKR_TOKEN_NOT_PRESENT;
    return call(slot, flags, data, notify, session);
}

static CK_RV login(CK_ULONG session, CK_ULONG user, CK_BYTE *pin, CK_ULONG length) {
    CK_RV (*call)(CK_ULONG, CK_ULONG, CK_BYTE *, CK_ULONG) = real->entry[LOGIN];
    hang_while("hang-login");
    if (pulled()) return CKR_DEVICE_REMOVED;
    if (on("pin-expired")) return CKR_PIN_EXPIRED;
    if (on("pin-not-set")) return CKR_USER_PIN_NOT_INITIALIZED;
    if (on("pin-locked")) return CKR_PIN_LOCKED;
    if (user == CKU_CONTEXT_SPECIFIC) {
        const char *wanted = getenv("SPERRE_SHIM_PIN");
        if (length == 0 && on("pin-pad")) length = strlen(wanted), pin = (CK_BYTE *)wanted;
        context_pin = length == strlen(wanted) && memcmp(pin, wanted, length) == 0;
        return context_pin ? CKR_OK : CKR_PIN_INCORRECT;
    }
    if (pin == NULL && on("pin-pad")) {
        char *typed = getenv("SPERRE_SHIM_PIN");
        return call(session, user, (CK_BYTE *)typed, strlen(typed));
    }
    return call(session, user, pin, length);
}

static CK_RV logout(CK_ULONG session) {
    CK_RV (*call)(CK_ULONG) = real->entry[LOGOUT];
    hang_while("hang-logout");
    if (pulled()) return CKR_DEVICE_REMOVED;
    return call(session);
}

static CK_RV get_attribute(CK_ULONG session, CK_ULONG object, Attribute *template, CK_ULONG count) {
    CK_RV (*call)(CK_ULONG, CK_ULONG, Attribute *, CK_ULONG) = real->entry[GET_ATTRIBUTE];
    if (pulled()) return CKR_DEVICE_REMOVED;
    if (on("session-closed")) return CKR_SESSION_HANDLE_INVALID;
    CK_RV result = call(session, object, template, count);
    for (CK_ULONG i = 0; on("always-authenticate") && i < count; i++)
        if (template[i].type == CKA_ALWAYS_AUTHENTICATE && template[i].value) *(CK_BYTE *)template[i].value = 1;
    return result;
}

static CK_RV trouble(void) {
    hang_while("hang-sign");
    if (pulled()) return CKR_DEVICE_REMOVED;
    if (on("session-closed")) return CKR_SESSION_HANDLE_INVALID;
    return CKR_OK;
}

static CK_RV sign_init(CK_ULONG session, Mechanism *mechanism, CK_ULONG key) {
    CK_RV (*call)(CK_ULONG, Mechanism *, CK_ULONG) = real->entry[SIGN_INIT];
    CK_RV wrong = trouble();
    Mechanism plain = {CKM_ECDSA, NULL, 0};
    context_pin = 0;
    if (on("no-hashing") && mechanism->type == CKM_SHA256_RSA_PKCS) return CKR_MECHANISM_INVALID;
    if (on("hashes-itself") && mechanism->type == CKM_ECDSA) return CKR_MECHANISM_INVALID;
    hashes = mechanism->type == CKM_ECDSA_SHA256;
    return wrong ? wrong : call(session, hashes ? &plain : mechanism, key);
}

/* SoftHSM has no ECDSA that hashes: the hash is made in a session beside the one that signs. */
static void hash(CK_ULONG session, CK_BYTE *message, CK_ULONG length, CK_BYTE *digest) {
    CK_RV (*info)(CK_ULONG, CK_ULONG *) = real->entry[GET_SESSION_INFO];
    CK_RV (*open)(CK_ULONG, CK_ULONG, void *, void *, CK_ULONG *) = real->entry[OPEN_SESSION];
    CK_RV (*init)(CK_ULONG, Mechanism *) = real->entry[DIGEST_INIT];
    CK_RV (*call)(CK_ULONG, CK_BYTE *, CK_ULONG, CK_BYTE *, CK_ULONG *) = real->entry[DIGEST];
    CK_RV (*close)(CK_ULONG) = real->entry[CLOSE_SESSION];
    Mechanism sha256 = {CKM_SHA256, NULL, 0};
    CK_ULONG slot_first[4], beside, size = 32;
    info(session, slot_first);
    open(slot_first[0], 4, NULL, NULL, &beside);
    init(beside, &sha256);
    call(beside, message, length, digest, &size);
    close(beside);
}

static void spoil(CK_RV result, CK_BYTE *signature) {
    if (result == CKR_OK && signature && on("wrong-signature")) signature[0] ^= 1;
}

static CK_RV sign(CK_ULONG session, CK_BYTE *message, CK_ULONG length, CK_BYTE *signature, CK_ULONG *size) {
    CK_RV (*call)(CK_ULONG, CK_BYTE *, CK_ULONG, CK_BYTE *, CK_ULONG *) = real->entry[SIGN];
    CK_RV wrong = trouble();
    if (wrong) return wrong;
    if (on("always-authenticate") && !context_pin) return CKR_USER_NOT_LOGGED_IN;
    CK_BYTE digest[32];
    if (hashes) hash(session, message, length, digest), message = digest, length = sizeof digest;
    CK_RV result = call(session, message, length, signature, size);
    spoil(result, signature);
    return result;
}

static CK_RV get_function_list(FunctionList **list);

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(FunctionList **list) {
    CK_RV (*call)(FunctionList **);
    void *module = dlopen(getenv("SPERRE_SHIM_MODULE"), RTLD_NOW | RTLD_LOCAL);
    if (module == NULL) return 5;
    call = (CK_RV(*)(FunctionList **))dlsym(module, "C_GetFunctionList");
    call(&real);
    mine = *real;
    mine.entry[GET_FUNCTION_LIST] = get_function_list;
    mine.entry[INITIALIZE] = initialize;
    mine.entry[GET_SLOT_LIST] = get_slot_list;
    mine.entry[GET_TOKEN_INFO] = get_token_info;
    mine.entry[GET_MECHANISM_LIST] = get_mechanism_list;
    mine.entry[OPEN_SESSION] = open_session;
    mine.entry[LOGIN] = login;
    mine.entry[LOGOUT] = logout;
    mine.entry[GET_ATTRIBUTE] = get_attribute;
    mine.entry[SIGN_INIT] = sign_init;
    mine.entry[SIGN] = sign;
    *list = &mine;
    return CKR_OK;
}

static CK_RV get_function_list(FunctionList **list) { *list = &mine; return CKR_OK; }
