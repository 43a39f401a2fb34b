using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sending;
using Millrace.Segments.Contracts;

namespace Millrace.Host.Bench;

/// <summary>
/// <c>bench render</c>: subject, HTML and text of one mail for many contacts, in memory: tags of contact and fields, a condition, a condition tree, a date,
/// tracked links and the open pixel, each signed. The bound joins the same finished pieces with <c>string.Concat</c>.
/// </summary>
internal sealed class RenderBench : Benchmark, IDisposable
{
    private const int FullPerRound = 100_000;
    private const string Subject = "News for %FIRSTNAME|TITLECASE|you%";

    private static readonly string Html = $"""
        <html><body><h1>Hello %FIRSTNAME|there%</h1><p>Your plan is %PLAN%, and this is what is new this week for you and everybody in %CITY|your town%.</p>
        %IF PLAN == "pro" && !in_array('quiet', tags)%<p>As a professional you may try the new reports a month before everybody else does.</p>%ELSE%<p>Upgrade to see the new reports.</p>%/IF%
        %IF SHOW:1%<p>This is for those in the segment.</p>%/IF%
        {string.Concat(Enumerable.Range(1, 12).Select(i => $"<table role=\"presentation\" width=\"100%\"><tr><td style=\"padding:16px 32px;font-family:Arial,sans-serif;font-size:16px;line-height:1.6;color:#374151\">Paragraph {i} of what is new: there is more to read on our pages, and more to come before the year is over.</td></tr></table>"))}
        <p>Until %TODAY+7D%: <a href="%LINK:1%">Reports</a> <a href="%LINK:2%">Blog</a> <a href="%LINK:3%">Pricing</a></p>
        <p><a href="%UNSUBSCRIBELINK%">Unsubscribe</a> %SENDER-INFO%</p><img src="%OPENPIXEL%" width="1" height="1" alt=""></body></html>
        """;

    private const string Text = """
        Hello %FIRSTNAME|there%

        Your plan is %PLAN%, and this is what is new this week for you and everybody in %CITY|your town%.
        Until %TODAY+7D%: %LINK:1%
        Unsubscribe: %UNSUBSCRIBELINK%
        """;

    private readonly TextBuffer _buffer = new();
    private CompiledMessage? _message;
    private RecipientFacts _facts = new();
    private TrackingUrls? _urls;
    private DueSend[] _sends = [];
    private string[][] _pieces = [];

    public override string Name => "render";

    public override string Unit => "mails/s";

    public override string BoundIs => "string.Concat of the finished pieces of the same mails";

    public override double Goal => 0.2;

    public override Task PrepareAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var tags = new TagCatalogue([new FieldTag("PLAN", "Plan"), new FieldTag("CITY", "City")]);
        var version = new VersionRow(1, 1, 1, MessageKind.Marketing, Subject, "Bench", "news@example.com", "", Html, Text);
        TrackedLink[] links = [new(1, "https://www.example.com/reports", "Reports"), new(2, "https://www.example.com/blog", "Blog"), new(3, "https://www.example.com/pricing", "Pricing")];
        var tree = JsonElement.Parse("""{"all":[{"field":"email","op":"contains","value":"example"}]}""");
        var shown = ShownParts.Of([tree], context.App.Services.GetRequiredService<IConditions>(), TimeProvider.System, "UTC");
        _message = new CompiledMessage(version, links, new AccountSender(1, "Bench", "news@example.com", "1 Bench Street", "UTC"), tags, shown);
        _urls = new TrackingUrls("https://mail.example.com", new TokenKeys(1, new Dictionary<byte, byte[]> { [1] = new byte[32] }), 1);
        _facts = new RecipientFacts();
        _sends = [.. Enumerable.Range(1, context.Scale(FullPerRound)).Select(i => Send(i))];
        _facts.SetShown(1, ShownParts.KeyOf(tree), [.. _sends.Where(s => s.ContactId % 3 == 0).Select(s => s.ContactId)]);
        foreach (var send in _sends)
        {
            _facts.AddField((1, send.ContactId), "PLAN", send.ContactId % 2 == 0 ? "pro" : "basic");
            _facts.AddField((1, send.ContactId), "CITY", "London");
        }

        _pieces = [.. _sends.Take(1_000).Select(Pieces)];
        return Task.CompletedTask;
    }

    public override Task<(long Items, double Seconds)> ProductAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        var (started, now, values, characters) = (Stopwatch.GetTimestamp(), DateTimeOffset.UnixEpoch.AddYears(56), new string?[_message!.Slots.Names.Count], 0L);
        foreach (var send in _sends)
        {
            _urls!.SendId = send.Id;
            var merged = _message.Merge(send, _facts, _urls, now, values);
            _buffer.Clear();
            _message.Subject.Render(merged, _buffer);
            _message.Html.Render(merged, _buffer);
            _message.Text.Render(merged, _buffer);
            characters += _buffer.Length;
        }

        return Task.FromResult(Done(started, characters));
    }

    public override Task<(long Items, double Seconds)> BoundAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        var (started, characters) = (Stopwatch.GetTimestamp(), 0L);
        for (var i = 0; i < _sends.Length; i++)
        {
            characters += string.Concat(_pieces[i % _pieces.Length]).Length;
        }

        return Task.FromResult(Done(started, characters));
    }

    public void Dispose() => _buffer.Dispose();

    private (long, double) Done(long started, long characters) => characters > 1_000L * _sends.Length
        ? (_sends.Length, Stopwatch.GetElapsedTime(started).TotalSeconds)
        : throw new InvalidOperationException("The mails are shorter than they must be.");

    /// <summary>What one mail is joined from: a piece for each literal and each value.</summary>
    private string[] Pieces(DueSend send)
    {
        _urls!.SendId = send.Id;
        var merged = _message!.Merge(send, _facts, _urls, DateTimeOffset.UnixEpoch.AddYears(56));
        var whole = _message.Subject.Render(merged) + _message.Html.Render(merged) + _message.Text.Render(merged);

        // As many pieces as the programs have steps; where exactly they are cut makes no difference to joining them.
        const int Count = 45;
        var length = whole.Length / Count;
        return [.. Enumerable.Range(0, Count).Select(i => i == Count - 1 ? whole[(i * length)..] : whole.Substring(i * length, length))];
    }

    private static DueSend Send(int number) => new(
        1, number, 0, 2, number, 1, 1, SendSourceKind.Campaign, null, null, null, null, SendState.Queued, 0, 0, DateTimeOffset.UnixEpoch, null, null,
        string.Create(CultureInfo.InvariantCulture, $"person{number}@example.org"), "ada", "Lovelace", null, null, null);
}
