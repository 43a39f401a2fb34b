using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Millrace.Messaging.Checks.Spam;

/// <summary>SpamAssassin's daemon. Bound from <c>Millrace:SpamCheck</c>.</summary>
internal sealed class SpamCheckOptions : IValidatableObject
{
    public const string Section = "Millrace:SpamCheck";

    /// <summary><c>host:port</c> of spamd, for example <c>127.0.0.1:783</c>. Empty: mails are not checked, and the editor says so.</summary>
    public string? Address { get; set; }

    /// <summary>Seconds for one check, 1 to 60. Default 10.</summary>
    [Range(1, 60)]
    public int Patience { get; set; } = 10;

    public (string Host, int Port)? Endpoint => Read(Address);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrWhiteSpace(Address) && Read(Address) is null)
        {
            yield return new ValidationResult("Millrace:SpamCheck:Address must look like 127.0.0.1:783", [nameof(Address)]);
        }
    }

    private static (string, int)? Read(string? address)
    {
        var colon = address?.LastIndexOf(':') ?? -1;
        return colon > 0 && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536
            ? (address![..colon].Trim('[', ']'), port)
            : null;
    }
}
