using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Millrace.Kernel.Data;
using Millrace.Messaging.Branding;
using Millrace.Messaging.Design;
using Npgsql;

namespace Millrace.Messaging.Tracking;

/// <summary>
/// A plain page in the colours of the account's default brand kit. In the dark the page's own dark colours stay, and of the brand the logo and the button: brands say little
/// about the dark, and what is read has to be read.
/// </summary>
internal sealed class BrandedPage(NpgsqlDataSource database)
{
    /// <param name="body">HTML in which every value is already encoded.</param>
    public async Task<IResult> ShowAsync(
        HttpContext http, long accountId, string title, string body, CancellationToken cancellationToken, int status = StatusCodes.Status200OK)
    {
        var look = await LookAsync(accountId, cancellationToken);
        if (look is null)
        {
            PublicPage.Headers(http, PublicPage.Policy);
            return Results.Content(PublicPage.Html(title, body), "text/html; charset=utf-8", statusCode: status);
        }

        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        PublicPage.Headers(http, PublicPage.Policy.Replace("style-src 'self'", $"style-src 'self' 'nonce-{nonce}'; img-src 'self' https:", StringComparison.Ordinal));
        return Results.Content(PublicPage.Html(title, Logo(look) + body, $"""<style nonce="{nonce}">{Style(look)}</style>"""), "text/html; charset=utf-8", statusCode: status);
    }

    private async Task<BrandLook?> LookAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var look = await Sql.Of($"select look from messaging.brand_kit where account_id = {accountId} and is_default").FirstAsync<JsonElement?>(work, cancellationToken);
        return look is { } stored ? BrandLook.Read(stored) : null;
    }

    private static string Logo(BrandLook look)
    {
        var (light, dark) = (Address(look.Logo), Address(look.LogoDark));
        return light is null ? "" : dark is null ? $"""<p class="logo"><img src="{light}" alt=""></p>"""
            : $"""<p class="logo"><picture><source srcset="{dark}" media="(prefers-color-scheme:dark)"><img src="{light}" alt=""></picture></p>""";
    }

    private static string? Address(string url) =>
        url.StartsWith("/i/", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal) ? WebUtility.HtmlEncode(url) : null;

    // Colours are checked when a kit is saved; whoever wrote the row otherwise gets none.
    private static string Style(BrandLook look) => string.Join('\n',
        $"body{{font-family:{Fonts.Stack(look.Font)}}}h1,h2{{font-family:{Fonts.Stack(look.HeadingFont ?? look.Font)}}}",
        $"button:not(.plain){{background:{Colour(look.ButtonColour)};color:{Colour(look.ButtonTextColour)}}}button{{border-radius:{Math.Clamp(look.ButtonRadius, 0, 40)}px}}",
        $"input{{accent-color:{Colour(look.ButtonColour)}}}",
        "@media (prefers-color-scheme:light){",
        $"body{{background:{Colour(look.Background)};color:{Colour(look.TextColour)}}}main{{background:{Colour(look.ContentBackground)}}}",
        $"h1,h2{{color:{Colour(look.HeadingColour)}}}a,button.plain{{color:{Colour(look.LinkColour)}}}small,.quiet{{color:{Colour(look.MutedColour)}}}",
        "}");

    private static string Colour(string colour) => DesignCheck.Colour().IsMatch(colour) ? colour : "inherit";
}
