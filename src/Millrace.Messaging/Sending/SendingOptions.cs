using System.ComponentModel.DataAnnotations;
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
