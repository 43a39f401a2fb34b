using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Millrace.Mail.Addresses;

namespace Millrace.Messaging.Sharing;

/// <summary>The form as it was sent, read and drawn again.</summary>
internal sealed class ForwardForm
{
    public const int MaxFriends = 5;
    public const int MaxName = 80;
    public const int MaxNote = 500;

    /// <summary>A field that no person sees and programs fill in.</summary>
    public const string Trap = "website";

    private readonly string[] _friends = [.. Enumerable.Repeat("", MaxFriends)];
    private long _no = RandomNumberGenerator.GetInt32(int.MaxValue);
    private string _name = "";
    private string _note = "";

    /// <summary>Somebody who is no person filled it in.</summary>
    public bool IsTrapped { get; private set; }

    /// <summary>What is wrong, in words; null: nothing.</summary>
    public string? Problem { get; private set; }

    public ForwardOrder? Order { get; private set; }

    public static ForwardForm Read(IFormCollection sent)
    {
        var form = new ForwardForm
        {
            IsTrapped = sent[Trap].ToString().Length > 0,
            _name = Line(sent["name"].ToString()),
            _note = Clean(sent["note"].ToString()),
        };
        if (long.TryParse(sent["form"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var no))
        {
            form._no = no;
        }

        for (var i = 0; i < Math.Min(sent["friend"].Count, MaxFriends); i++)
        {
            form._friends[i] = Line(sent["friend"][i] ?? "");
        }

        form.Problem = form.Check();
        return form;
    }

    public string Html(string subject)
    {
        var html = new StringBuilder("<h1>Forward this e-mail</h1>");
        if (subject.Length > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p>“{WebUtility.HtmlEncode(subject)}” goes to your friends as you got it, with your name above it. They are put on no list.</p>");
        }

        if (Problem is not null)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"wrong\" role=\"alert\">{WebUtility.HtmlEncode(Problem)}</p>");
        }

        html.Append(CultureInfo.InvariantCulture, $"""
            <form method="post"><input type="hidden" name="form" value="{_no}">
            <label>Your name, as your friends know it<input type="text" name="name" maxlength="{MaxName}" required autocomplete="name" value="{WebUtility.HtmlEncode(_name)}"></label>
            <fieldset><legend>To (up to {MaxFriends} addresses)</legend>
            """);
        for (var i = 0; i < MaxFriends; i++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<input type=\"email\" name=\"friend\" maxlength=\"254\" aria-label=\"Address {i + 1}\" placeholder=\"friend@example.com\"{(i == 0 ? " required" : "")} value=\"{WebUtility.HtmlEncode(_friends[i])}\">");
        }

        return html.Append(CultureInfo.InvariantCulture, $"""
            </fieldset>
            <label>A few words, if you like<textarea name="note" maxlength="{MaxNote}">{WebUtility.HtmlEncode(_note)}</textarea></label>
            <div class="trap" aria-hidden="true"><label>Leave this empty<input type="text" name="{Trap}" tabindex="-1" autocomplete="off"></label></div>
            <p class="quiet">The addresses are used to send this e-mail, and to send it to nobody twice.</p>
            <button type="submit">Send</button></form>
            """).ToString();
    }

    private string? Check()
    {
        if (_name.Length is 0 or > MaxName)
        {
            return $"Say who you are, in at most {MaxName} characters.";
        }

        if (_note.Length > MaxNote)
        {
            return $"Your words have more than {MaxNote} characters.";
        }

        // A form that mails strangers what strangers write would soon advertise their shops.
        if (IsAddress(_name) || IsAddress(_note))
        {
            return "Web addresses cannot be sent along. The e-mail has its own links.";
        }

        var friends = new List<string>();
        foreach (var friend in _friends.Where(f => f.Length > 0))
        {
            if (!EmailAddress.TryParse(friend, out var address, out _, out _))
            {
                return $"“{friend}” is no e-mail address.";
            }

            friends.Add(address.Normalised);
        }

        if (friends.Count == 0)
        {
            return "Give at least one address.";
        }

        Order = new(_no, _name, _note, [.. friends.Distinct(StringComparer.Ordinal)]);
        return null;
    }

    private static bool IsAddress(string text) =>
        text.Contains("://", StringComparison.Ordinal) || text.Contains("www.", StringComparison.OrdinalIgnoreCase) || text.Contains("<a", StringComparison.OrdinalIgnoreCase);

    private static string Line(string text) => string.Join(' ', Clean(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Without what only programs see: control characters, and those that turn the direction of writing round.</summary>
    private static string Clean(string text) => string.Concat(text.ReplaceLineEndings("\n").EnumerateRunes()
        .Where(r => r.Value is '\n' or 0x200C or 0x200D || Rune.GetUnicodeCategory(r) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse))
        .Select(r => r.ToString())).Trim();
}
