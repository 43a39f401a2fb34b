using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Millrace.Messaging.Inbound;

/// <summary>Taking back mail: bounces, complaints and replies. Bound from <c>Millrace:Inbound</c>.</summary>
internal sealed class InboundOptions : IValidatableObject
{
    public const string Section = "Millrace:Inbound";

    /// <summary>Address and port to listen on, for example <c>0.0.0.0:25</c>. Empty: nothing listens. Processes of the role <c>web</c> listen.</summary>
    public string Smtp { get; set; } = "";

    /// <summary>
    /// Name under which mail reaches this server, for addresses where an account has no return path of its own. Empty: the host that takes bounces
    /// (<c>Millrace:Sending:BounceHost</c>), when this process listens. Set it on processes that send while another one listens.
    /// </summary>
    [RegularExpression(@"[A-Za-z0-9.-]{3,253}")]
    public string? Host { get; set; }

    /// <summary>PEM file with the certificate for STARTTLS, its own first, then those of its issuers. Read again when it changes. Empty: no TLS is offered.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with the certificate's key. Empty: it stands in the same file.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>Largest mail in kilobytes, 64 to 51,200. Default 10,240. Of bounces and complaints the first 1,024 are kept.</summary>
    [Range(64, 51_200)]
    public int MaxSize { get; set; } = 10_240;

    /// <summary>Connections at once, 1 to 10,000. Default 200.</summary>
    [Range(1, 10_000)]
    public int Connections { get; set; } = 200;

    /// <summary>Recipients that one address of a network may name in a minute, known or not, 1 to 1,000,000. Default 600; more is put off.</summary>
    [Range(1, 1_000_000)]
    public int PerMinute { get; set; } = 600;

    /// <summary>Mails without a valid token that are kept for one account in a day, 0 to 100,000. Default 200; more is refused.</summary>
    [Range(0, 100_000)]
    public int UnmatchedPerDay { get; set; } = 200;

    /// <summary>Days after which inbound mails are deleted, 1 to 3,650. Default 30. What followed from them stays.</summary>
    [Range(1, 3_650)]
    public int KeepDays { get; set; } = 30;

    public bool Listens => Smtp.Length > 0;

    public IPEndPoint? EndPoint => IPEndPoint.TryParse(Smtp, out var parsed) ? parsed : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Tests ask for port 0: any free one.
        if (Smtp.Length > 0 && !IPEndPoint.TryParse(Smtp, out _))
        {
            yield return new ValidationResult("Millrace:Inbound:Smtp is an address and a port, for example 0.0.0.0:25", [nameof(Smtp)]);
        }

        foreach (var file in new[] { Certificate, CertificateKey }.OfType<string>().Where(f => f.Length > 0 && !File.Exists(f)))
        {
            yield return new ValidationResult($"Millrace:Inbound:Certificate: there is no file {file}", [nameof(Certificate)]);
        }
    }
}
