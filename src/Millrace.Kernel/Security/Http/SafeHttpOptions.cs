namespace Millrace.Kernel.Security.Http;

/// <summary>Bound from <c>Millrace:SafeHttp</c>: what the server may call on behalf of its users.</summary>
public sealed class SafeHttpOptions
{
    public const string Section = "Millrace:SafeHttp";

    /// <summary>Plain http too. Default off: https only.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>
    /// Private addresses that may be called nevertheless, as <c>address-or-network:port</c>, for example <c>192.168.1.20:8443</c> or
    /// <c>10.0.0.0/8:443</c>. For the operator, not for users. Default none.
    /// </summary>
    public IList<string> Allowed { get; } = [];
}
