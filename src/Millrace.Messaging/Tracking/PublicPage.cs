using System.Net;
using Microsoft.AspNetCore.Http;

namespace Millrace.Messaging.Tracking;

/// <summary>The plain pages that readers of mails see. No script, no cookie, one style sheet of our own.</summary>
internal static class PublicPage
{
    /// <summary>Content policy of pages with a form.</summary>
    public const string Policy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Content policy of answers that are no page.</summary>
    public const string Nothing = "default-src 'none'";

    /// <summary>User-made HTML: an opaque origin without scripts of its own.</summary>
    public const string Sandboxed =
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; font-src https:; base-uri 'none'; form-action 'none'";

    /// <summary>The same inside a frame of our own UI.</summary>
    public const string Framed =
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; font-src https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    /// <summary>Mail from strangers inside a frame of our own UI: nothing is loaded from anywhere, and links open beside it.</summary>
    public const string Sealed =
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public const string StyleSheet = """
        body{margin:0;background:#f4f5f7;color:#1f2933;font:16px/1.5 system-ui,sans-serif}
        main{box-sizing:border-box;width:min(36rem,100% - 2rem);margin:min(10vh,5rem) auto;padding:2rem;background:#fff;border-radius:12px;box-shadow:0 1px 3px rgba(0,0,0,.12)}
        h1{margin:0 0 1rem;font-size:1.4rem}a{color:#1d4ed8;text-underline-offset:.15em}small{color:#52606d}ul{list-style:none;margin:0;padding:0}li{padding:.75rem 0;border-top:1px solid #e4e7eb}label{display:block;margin:.5rem 0}textarea{width:100%;box-sizing:border-box;min-height:4.5rem;font:inherit;padding:.5rem;border:1px solid #b8c0cc;border-radius:8px}
        input[type=text],input[type=email]{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.5rem;margin:.25rem 0;border:1px solid #8a94a3;border-radius:8px;background:#fff;color:inherit}
        fieldset{margin:1rem 0;padding:0;border:0}legend{padding:0}
        .quiet{color:#52606d;font-size:.9rem}.wrong{margin:1rem 0;padding:.75rem 1rem;border-radius:8px;background:#fde8e8;color:#8a1c1c}
        .trap{position:absolute;left:-100vw;width:1px;height:1px;overflow:hidden}
        .choice{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.75rem;padding:0;margin:1.5rem 0 0;list-style:none}
        .choice li{padding:0;border:0}.choice a{display:block;padding:.75rem 1rem;border-radius:8px;background:#eef1f6;color:#1d3fae;font-weight:600;text-align:center;text-decoration:none}
        .choice a:focus-visible{outline:3px solid #93b4ff;outline-offset:2px}
        button{margin-top:1rem;padding:.6rem 1.2rem;border:0;border-radius:8px;background:#1d4ed8;color:#fff;font:inherit;cursor:pointer}
        button:focus-visible,input:focus-visible,textarea:focus-visible{outline:3px solid #93b4ff;outline-offset:2px}
        h2{margin:0;font-size:1.05rem}.logo{margin:0 0 1.25rem}.logo img{display:block;max-width:12rem;max-height:4rem}
        .lists{margin-top:.5rem}.tick{display:flex;gap:.75rem;align-items:flex-start;margin:0;cursor:pointer}.tick input{flex:none;width:1.15rem;height:1.15rem;margin:.2rem 0 0}.tick small{display:block}
        .buttons{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin-top:1.5rem}.buttons button{margin:0}button.plain{padding-inline:0;background:none;color:#1d4ed8;text-decoration:underline;text-underline-offset:.15em}
        @media (prefers-color-scheme:dark){.tick input{color-scheme:dark}button.plain{color:#93b4ff}body{background:#111418;color:#e6e9ee}main{background:#1b2026}a{color:#93b4ff}small{color:#a9b4c0}li{border-color:#313a44}textarea{background:#111418;color:inherit;border-color:#3d4652}input[type=text],input[type=email]{background:#111418;border-color:#6b7684}.quiet{color:#a3adba}.wrong{background:#4a1d1d;color:#ffd9d9}.choice a{background:#2a323c;color:#a9c4ff}}
        """;

    public static void Headers(HttpContext http, string policy)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.CacheControl = "no-store";
        headers["X-Robots-Tag"] = "noindex";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
    }

    /// <param name="body">HTML in which every value is already encoded.</param>
    /// <param name="more">Further elements of the head.</param>
    public static string Html(string title, string body, string more = "") => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{WebUtility.HtmlEncode(title)}</title><link rel="stylesheet" href="/u.css">{more}</head>
        <body><main>{body}</main></body></html>
        """;
}
