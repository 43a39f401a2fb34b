using System.ComponentModel.DataAnnotations;
using System.Net;
using Millrace.Mail.Smtp;

namespace Millrace.Messaging.Sending;

/// <summary>The server every account sends through that has none of its own. Bound from <c>Millrace:Smtp</c>.</summary>
internal sealed class SmtpOptions : IValidatableObject
{
    public const string Section = "Millrace:Smtp";

    /// <summary><c>smtp://user:pass@host:port?tls=none|starttls|implicit</c>. Empty: mail goes to the built-in catcher.</summary>
    public string? Url { get; set; }

    /// <summary>Connections to one server, 1 to 200. Default 20. More hide a slow server's delays and cost it and us memory.</summary>
    [Range(1, 200)]
    public int Connections { get; set; } = 20;

    /// <summary>
    /// Multiplies how long a mail server may take (to be reached 30 s, for a command 60 s, for the last answer 10 minutes), 0.01 to 10. Default 1. Less finds dead
    /// servers sooner and sends more mails twice that a slow one has taken.
    /// </summary>
    [Range(0.01, 10)]
    public double Patience { get; set; } = 1;

    public SmtpEndpoint? Endpoint => string.IsNullOrWhiteSpace(Url) ? null : SmtpEndpoint.Parse(Url);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrWhiteSpace(Url) && !SmtpEndpoint.TryParse(Url, out _))
        {
            yield return new ValidationResult("Millrace:Smtp:Url must look like smtp://user:pass@host:port?tls=none|starttls|implicit", [nameof(Url)]);
        }
    }
}

/// <summary>How fast mail goes out. Bound from <c>Millrace:Sending</c>.</summary>
internal sealed class SendingOptions
{
    public const string Section = "Millrace:Sending";

    /// <summary>Rendered mails held in memory, 10 to 20,000. Default 1,500; each takes about as much memory as its size.</summary>
    [Range(10, 20_000)]
    public int InHand { get; set; } = 1_500;

    /// <summary>
    /// How an SPF record names this server, for example <c>include:spf.acme.example</c> or <c>ip4:192.0.2.7</c>. Empty: people are told to ask
    /// their mail provider.
    /// </summary>
    [RegularExpression(@"\S{1,200}")]
    public string? SpfTerm { get; set; }

    /// <summary>Host name that takes bounces; the record people copy leads there. Empty: the host of <c>Millrace:PublicUrl</c>.</summary>
    [RegularExpression(@"[A-Za-z0-9.-]{3,253}")]
    public string? BounceHost { get; set; }

    /// <summary>Whether mail of senders whose domain is not verified is refused in every account. Default false: accounts decide, and are warned.</summary>
    public bool RefuseUnverifiedSenders { get; set; }

    /// <summary>Test mails of one account in an hour, 1 to 10,000. Default 60.</summary>
    [Range(1, 10_000)]
    public int TestsPerHour { get; set; } = 60;

    /// <summary>Days after which test mails leave the delivery log and their content is deleted, 1 to 3,650. Default 30.</summary>
    [Range(1, 3_650)]
    public int KeepTestsDays { get; set; } = 30;

    /// <summary>Days for which the conversation with the mail server is kept of each attempt, 0 to 365. Default 7; 0 keeps none. A kilobyte for two or three mails.</summary>
    [Range(0, 365)]
    public int KeepDialogueDays { get; set; } = 7;

    /// <summary>
    /// Caps by recipient domain, <c>*</c> for all others. Without one a domain is not held back until it says that it is too much: a mail server
    /// that relays for us paces by itself.
    /// </summary>
    public Dictionary<string, DomainCap> Caps { get; } = new(StringComparer.OrdinalIgnoreCase);
}

internal sealed class DomainCap
{
    /// <summary>Messages in any second, 0.01 to 10,000.</summary>
    [Range(0.01, 10_000)]
    public double PerSecond { get; set; } = 5;

    /// <summary>Messages under way at once, 1 to 200.</summary>
    [Range(1, 200)]
    public int Connections { get; set; } = 3;
}

/// <summary>Where we ask about domains. Bound from <c>Millrace:Dns</c>.</summary>
internal sealed class DnsOptions : IValidatableObject
{
    public const string Section = "Millrace:Dns";

    /// <summary>Name servers, <c>address</c> or <c>address:port</c>, divided by commas. Empty: those of the system.</summary>
    public string Servers { get; set; } = "";

    /// <summary>How long one server may take to answer, in seconds, 0.1 to 30. Default 3. A longer wait helps on bad lines and delays the check.</summary>
    [Range(0.1, 30)]
    public double Patience { get; set; } = 3;

    public IReadOnlyList<IPEndPoint> EndPoints =>
        [.. Names.Select(n => IPEndPoint.Parse(n)).Select(e => e.Port == 0 ? new IPEndPoint(e.Address, 53) : e)];

    private string[] Names => Servers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Array.TrueForAll(Names, n => IPEndPoint.TryParse(n, out _)))
        {
            yield return new ValidationResult("Millrace:Dns:Servers takes addresses such as 192.0.2.1 or 192.0.2.1:5353, divided by commas", [nameof(Servers)]);
        }
    }
}
