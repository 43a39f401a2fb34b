using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Links;

namespace Millrace.Messaging.Tracking;

/// <summary>
/// <c>/p/{token}</c>, where <c>%UPDATELINK%</c> leads: which lists a reader wants to be on, and its name. GET only shows it, whoever calls: scanners that follow links change
/// nothing. Works without scripts.
/// </summary>
internal sealed class PreferencesPage : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.Public.MapGet("/p/{token}", Show).WithName("preferences_page").AllowAnonymous().ExcludeFromDescription();
        routes.Public.MapPost("/p/{token}", Save).WithName("preferences").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(32 * 1024));
    }

    private static async Task<IResult> Show(
        string token, HttpContext http, PublicTokens tokens, Preferences preferences, BrandedPage pages, CancellationToken cancellationToken) =>
        tokens.TryRead(token, TokenPurpose.UpdateProfile, out var opened) && await preferences.FindAsync(opened.AccountId, opened.SendId, cancellationToken) is { } found
            ? await pages.ShowAsync(http, opened.AccountId, "Your e-mail preferences", Form(found), cancellationToken)
            : PublicTokens.NotFound(http);

    private static async Task<IResult> Save(
        string token, HttpContext http, PublicTokens tokens, Preferences preferences, UnsubscribeBySend unsubscribe, BrandedPage pages, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, TokenPurpose.UpdateProfile, out var opened))
        {
            return PublicTokens.NotFound(http);
        }

        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancellationToken) : FormCollection.Empty;
        var all = form["action"] == "all";
        if (!all && form["action"] != "save")
        {
            // Not what our form sends: nothing is taken from it.
            return await Show(token, http, tokens, preferences, pages, cancellationToken);
        }

        UnsubscribeOutcome outcome;
        try
        {
            outcome = all
                ? await unsubscribe.RunAsync(opened.AccountId, opened.SendId, all: true, "preferences", null, cancellationToken)
                : await preferences.SaveAsync(opened.AccountId, opened.SendId, Ids(form["shown"]), Ids(form["list"]), Name(form), cancellationToken);
        }
        catch (InvalidInputException)
        {
            return await preferences.FindAsync(opened.AccountId, opened.SendId, cancellationToken) is { } again
                ? await pages.ShowAsync(
                    http, opened.AccountId, "Your e-mail preferences", Form(again, "A name has at most 100 characters, and no control characters."), cancellationToken,
                    StatusCodes.Status422UnprocessableEntity)
                : PublicTokens.NotFound(http);
        }

        var (title, said) = outcome switch
        {
            UnsubscribeOutcome.WasTest => ("This was a test", "The link came in a test mail, so nothing has changed. In the real mail the choices would be saved now."),
            _ when all => ("You are unsubscribed", "We will send you no more of these e-mails."),
            _ => ("Your choices are saved", "They count from now on."),
        };
        return outcome == UnsubscribeOutcome.NoSuchSend
            ? PublicTokens.NotFound(http)
            : await pages.ShowAsync(
                http, opened.AccountId, title, $"""<h1>{title}</h1><p>{said}</p><p class="quiet"><a href="/p/{token}">See your choices</a></p>""", cancellationToken);
    }

    private static long[] Ids(IEnumerable<string?> values) =>
        [.. values.Select(v => long.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0).Take(500)];

    private static (string, string)? Name(IFormCollection form)
    {
        if (!form.ContainsKey("first_name") || !form.ContainsKey("last_name"))
        {
            return null;
        }

        var (first, last) = (form["first_name"].ToString().Trim(), form["last_name"].ToString().Trim());
        return first.Length <= Preferences.MaxName && last.Length <= Preferences.MaxName ? (first, last)
            : throw new InvalidInputException("/first_name", "too_long", "A name has at most 100 characters.");
    }

    private static string Form(Preferences.Choices found, string? wrong = null)
    {
        var test = found.Target.IsTest ? "<p><strong>This link came in a test mail.</strong> You see what readers see; nothing is changed by it.</p>" : "";
        var error = wrong is null ? "" : $"""<p class="wrong" role="alert">{WebUtility.HtmlEncode(wrong)}</p>""";
        var lists = found.Lists.Count == 0 ? "" : $"""
            <fieldset><legend><h2>What we may send you</h2></legend><ul class="lists">{string.Concat(found.Lists.Select(List))}</ul></fieldset>
            """;
        return $"""
            <h1>Your e-mail preferences</h1>{test}{error}
            <p class="quiet">For {WebUtility.HtmlEncode(UnsubscribePage.Masked(found.Target.Address!))}</p>
            <form method="post">{lists}
            <fieldset><legend><h2>Your name</h2></legend>
            <label>First name<input type="text" name="first_name" maxlength="{Preferences.MaxName}" autocomplete="given-name" value="{WebUtility.HtmlEncode(found.FirstName)}"></label>
            <label>Last name<input type="text" name="last_name" maxlength="{Preferences.MaxName}" autocomplete="family-name" value="{WebUtility.HtmlEncode(found.LastName)}"></label></fieldset>
            <div class="buttons"><button type="submit" name="action" value="save">Save my choices</button>
            <button type="submit" name="action" value="all" class="plain">Unsubscribe from everything</button></div></form>
            """;
    }

    private static string List(Preferences.ListChoice list)
    {
        var about = list.Reminder.Trim().Length == 0 ? "" : $"<small>{WebUtility.HtmlEncode(list.Reminder)}</small>";
        var ticked = list.IsActive ? " checked" : "";
        return $"""
            <li><label class="tick"><input type="checkbox" name="list" value="{list.Id}"{ticked}><span><strong>{WebUtility.HtmlEncode(list.Name)}</strong>{about}</span></label><input type="hidden" name="shown" value="{list.Id}"></li>
            """;
    }
}
