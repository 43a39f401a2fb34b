using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;
using Millrace.Kernel.Security.Http;
using Millrace.Messaging.Images;
using Millrace.Messaging.Sanitizing;

namespace Millrace.Messaging.Branding;

/// <param name="Found">What the website told: colours, fonts, logo, links. The rest of the look is the usual.</param>
/// <param name="Notes">What was looked for and not found, in words.</param>
internal sealed record WebsiteProposal(string Name, BrandLook Look, IReadOnlyList<string> Found, IReadOnlyList<string> Notes);

/// <summary>Looks at a page and its style sheets for the brand's colours, fonts, logo and links. Only where a server may call, with limits on all of it.</summary>
internal sealed class WebsiteLook(SafeHttp http, ImageStore images)
{
    private const int MaxRedirects = 3;
    private const int MaxSheets = 6;
    private const int MaxPage = 2_000_000;
    private const int MaxSheet = 600_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="InvalidInputException">422 <c>url_not_allowed</c>, <c>website_unreachable</c> or <c>website_not_html</c>.</exception>
    public async Task<WebsiteProposal> ReadAsync(CurrentAccount account, string url, CancellationToken cancellationToken)
    {
        var address = url.Trim() is var typed && typed.Contains("://", StringComparison.Ordinal) ? typed : $"https://{typed}";
        http.Check(address, "/url");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var (page, at) = await FetchAsync(address, MaxPage, limit.Token, cancellationToken);
        var text = Encoding.UTF8.GetString(page);
        if (!text.Contains('<', StringComparison.Ordinal))
        {
            throw new InvalidInputException("/url", "website_not_html", "The address answers with something that is no web page.");
        }

        using var document = Parse(Shorten(text));
        var css = await SheetsAsync(document, at, limit.Token, cancellationToken);
        var (look, found, notes) = Look(document, css, at);
        if (await LogoAsync(account, document, at, limit.Token, cancellationToken) is { } logo)
        {
            look.Logo = logo;
            found.Add("logo");
        }
        else
        {
            notes.Add("No logo that mails can show (PNG, JPEG, GIF or WebP) was found.");
        }

        return new(LookReader.NameOf(document, at), look, found, notes);
    }

    private async Task<string> SheetsAsync(IDocument document, Uri at, CancellationToken limited, CancellationToken asked)
    {
        var css = new StringBuilder();
        foreach (var style in document.QuerySelectorAll("style"))
        {
            css.AppendLine(style.TextContent);
        }

        foreach (var link in document.QuerySelectorAll("link[rel~=stylesheet]").Take(MaxSheets))
        {
            if (Uri.TryCreate(at, link.GetAttribute("href"), out var sheet) && await TryFetchAsync(sheet, MaxSheet, limited, asked) is { } body)
            {
                css.AppendLine(Encoding.UTF8.GetString(body));
            }
        }

        return css.ToString();
    }

    /// <summary>The first that is a picture, as one of the library: mails must not depend on the website.</summary>
    private async Task<string?> LogoAsync(CurrentAccount account, IDocument document, Uri at, CancellationToken limited, CancellationToken asked)
    {
        foreach (var source in LookReader.Logos(document).Take(4))
        {
            if (Uri.TryCreate(at, source, out var place) && await TryFetchAsync(place, 2_000_000, limited, asked) is { } file && ImageHeader.Read(file) is { } header)
            {
                try
                {
                    var id = await images.AddAsync(account, file, ImagesResource.Title(place.AbsolutePath), "Logo", null, asked);
                    return await images.AddressAsync(account.Id, id, asked);
                }
                catch (DomainException)
                {
                    // Too large, or broken: the next one.
                }
            }
        }

        return null;
    }

    /// <summary>Null for what cannot be had, also for want of time: what was found by then is still a proposal.</summary>
    private async Task<byte[]?> TryFetchAsync(Uri address, int most, CancellationToken limited, CancellationToken asked)
    {
        try
        {
            return http.Reason(address.AbsoluteUri) is null ? (await FetchAsync(address.AbsoluteUri, most, limited, asked)).Body : null;
        }
        catch (DomainException)
        {
            return null;
        }
    }

    private async Task<(byte[] Body, Uri At)> FetchAsync(string address, int most, CancellationToken limited, CancellationToken asked)
    {
        try
        {
            for (var hop = 0; hop <= MaxRedirects; hop++)
            {
                http.Check(address, "/url");
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Millrace", "1.0"));
                request.Headers.TryAddWithoutValidation("Accept", "text/html,text/css,image/*;q=0.9,*/*;q=0.5");
                using var response = await http.SendAsync(request, limited);
                if ((int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } location)
                {
                    address = new Uri(new Uri(address), location).AbsoluteUri;
                    continue;
                }

                if (response.StatusCode != HttpStatusCode.OK)
                {
                    throw Unreachable($"The website answers {(int)response.StatusCode}.");
                }

                await using var body = await response.Content.ReadAsStreamAsync(limited);
                var bytes = new byte[most];
                var read = await body.ReadAtLeastAsync(bytes, most, throwOnEndOfStream: false, limited);
                return (bytes[..read], new Uri(address));
            }

            throw Unreachable("The website leads from one address to another without an end.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UriFormatException || (e is OperationCanceledException && !asked.IsCancellationRequested))
        {
            throw Unreachable(e switch
            {
                OperationCanceledException => "The website did not answer within 10 seconds.",
                { Message: "address_blocked" } => "The website's name leads to a private address, which is not called.",
                _ => "The website could not be reached.",
            });
        }
    }

    /// <summary>A page may be made to keep us busy; nesting is counted before it is parsed.</summary>
    private static AngleSharp.Html.Dom.IHtmlDocument Parse(string html)
    {
        try
        {
            HtmlLimits.Check(html);
            return HtmlSanitizer.Parse(html);
        }
        catch (HtmlRefusedException)
        {
            throw new InvalidInputException("/url", "website_not_html", "The page is nested too deep to be read.");
        }
    }

    private static (BrandLook Look, List<string> Found, List<string> Notes) Look(IDocument document, string css, Uri at)
    {
        try
        {
            return LookReader.Read(document, css.Length > 1_000_000 ? css[..1_000_000] : css, at);
        }
        catch (RegexMatchTimeoutException)
        {
            return (new BrandLook(), [], ["The website's style sheets take too long to read."]);
        }
    }

    /// <summary>The parser is slow with what is nested a thousand deep; the beginning of a page is enough.</summary>
    private static string Shorten(string html) => html.Length > 400_000 ? html[..400_000] : html;

    private static InvalidInputException Unreachable(string message) => new("/url", "website_unreachable", message);
}
