namespace Millrace.Mail.Dns;

/// <summary>Types of records we ask for; the numbers are those of RFC 1035 and RFC 3596.</summary>
public enum DnsType
{
    A = 1,
    Cname = 5,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
}

public enum DnsStatus
{
    /// <summary>There are records of the type.</summary>
    Found,

    /// <summary>The name exists, without records of this type.</summary>
    NoData,

    /// <summary>The name does not exist.</summary>
    NameError,

    /// <summary>No server gave an answer: it says nothing about the name.</summary>
    Unanswered,
}

/// <summary>What is known of a name.</summary>
/// <param name="Values">
/// The records as text: the strings of a TXT record joined, the host name of a CNAME or MX (lower case, no dot at the end, MX ordered by preference), the address.
/// </param>
/// <param name="Aliases">Where CNAME records led on the way, in order.</param>
public sealed record DnsAnswer(DnsStatus Status, IReadOnlyList<string> Values, IReadOnlyList<string> Aliases)
{
    public static readonly DnsAnswer Unanswered = new(DnsStatus.Unanswered, [], []);
}

/// <summary>Asks the domain name system.</summary>
public interface IDnsLookup
{
    /// <summary>Never throws for what the network or a server does.</summary>
    /// <param name="name">Without a dot at the end; a domain of other letters in its ASCII form.</param>
    Task<DnsAnswer> LookUpAsync(string name, DnsType type, CancellationToken cancellationToken);
}
