using System.ComponentModel.DataAnnotations;

namespace Millrace.Messaging.Transactional;

/// <summary>Transactional e-mail. Bound from <c>Millrace:Transactional</c>.</summary>
internal sealed class TransactionalOptions
{
    public const string Section = "Millrace:Transactional";

    /// <summary>
    /// Host name at whose root the Postmark-compatible addresses are served too, for clients that know only a host. Empty: only under <c>/postmark</c>.
    /// </summary>
    [RegularExpression(@"[A-Za-z0-9.-]{1,253}(:\d{1,5})?")]
    public string? Host { get; set; }

    /// <summary>Days that content and files of mails are kept, 1 to 3,650. Default 45. What became of a mail is kept as long again.</summary>
    [Range(1, 3_650)]
    public int KeepContentDays { get; set; } = 45;

    /// <summary>Requests of one server's tokens a second, per node, 1 to 100,000. Default 100; more are answered with 429.</summary>
    [Range(1, 100_000)]
    public int RequestsPerSecond { get; set; } = 100;

    /// <summary>Megabytes of rendered mails with content of their own that one process holds at most, 16 to 4,096. Default 96.</summary>
    [Range(16, 4_096)]
    public int MegabytesInHand { get; set; } = 96;

    /// <summary>Domain under which inbound streams take mail, for example <c>in.acme.example</c>. Empty: none.</summary>
    [RegularExpression(@"[a-z0-9.-]{3,253}")]
    public string? InboundDomain { get; set; }
}
