namespace Millrace.Accounts.Setup;

/// <summary>Bound from <c>Millrace:Bootstrap</c>: the first admin and API key, made at the first start when given.</summary>
public sealed class BootstrapOptions
{
    public const string Section = "Millrace:Bootstrap";

    public string? Email { get; set; }

    /// <summary>12 to 128 characters.</summary>
    public string? Password { get; set; }

    /// <summary>At least 20 characters; null makes no key.</summary>
    public string? ApiKey { get; set; }
}
