using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Millrace.Kernel.Security;

namespace Millrace.Accounts.Sessions;

/// <summary>The session's cookie and the anti-forgery token that belongs to it (readable by our scripts, expected back in a header).</summary>
internal sealed class SessionCookie(KeyRing keys)
{
    public const string CsrfHeader = "X-CSRF-Token";
    private const string CsrfName = "millrace_csrf";
    private readonly byte[] _csrfKey = keys.Derive("csrf");

    // The prefix __Host- binds the cookie to this host, but browsers take it over https only; plain http is for loopback.
    private static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-millrace" : "millrace";

    public static string? Read(HttpRequest request) => request.Cookies[NameFor(request)] is { Length: > 20 and < 100 } token ? token : null;

    public void Write(HttpContext context, string token)
    {
        var secure = context.Request.IsHttps;
        context.Response.Cookies.Append(NameFor(context.Request), token, new CookieOptions
        {
            HttpOnly = true,
            Secure = secure,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = SessionStore.MaxAge,
        });
        context.Response.Cookies.Append(CsrfName, CsrfOf(token), new CookieOptions
        {
            HttpOnly = false,
            Secure = secure,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = SessionStore.MaxAge,
        });
    }

    public static void Clear(HttpContext context)
    {
        context.Response.Cookies.Delete(NameFor(context.Request), new CookieOptions { Path = "/", Secure = context.Request.IsHttps });
        context.Response.Cookies.Delete(CsrfName, new CookieOptions { Path = "/", Secure = context.Request.IsHttps });
    }

    public bool CsrfMatches(HttpRequest request, string token) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(request.Headers[CsrfHeader].ToString()), Encoding.UTF8.GetBytes(CsrfOf(token)));

    private string CsrfOf(string token) => Base64Url.EncodeToString(HMACSHA256.HashData(_csrfKey, Encoding.UTF8.GetBytes(token)).AsSpan(0, 16));
}
