namespace Millrace.Messaging.Senders.Checks;

/// <summary>What a record is for.</summary>
internal enum RecordPurpose
{
    /// <summary>The key our signatures are checked with; shows also that the domain is the account's.</summary>
    Dkim,

    /// <summary>Who may send for the domain of the envelope.</summary>
    Spf,

    /// <summary>What receivers do with mail that fails the other two.</summary>
    Dmarc,

    /// <summary>Leads bounces to this server.</summary>
    ReturnPath,

    /// <summary>The key that is to sign next: used from the moment it is seen.</summary>
    DkimNext,

    /// <summary>The key that signed before; its record stays until what it signed has arrived.</summary>
    DkimOld,

    /// <summary>Leads the links of mails to this server under the domain's own name.</summary>
    Tracking,
}

internal enum RecordState
{
    NotChecked,
    Ok,
    Missing,

    /// <summary>Something else stands there.</summary>
    Wrong,

    /// <summary>No name server answered, so nothing is known.</summary>
    Unknown,
}

/// <summary>A record as it should be.</summary>
/// <param name="Value">What to copy; empty when only the mail provider can say it.</param>
/// <param name="Required">Without it the domain does not count as verified.</param>
internal sealed record WantedRecord(RecordPurpose Purpose, string Type, string Host, string Value, bool Required);

/// <summary>What a check found.</summary>
/// <param name="Found">Records that stand there, at most five.</param>
/// <param name="Value">What to copy in place of the wanted value, where something is to be kept; empty: as wanted.</param>
/// <param name="Message">One or two sentences for somebody who has never heard of DNS.</param>
internal sealed record RecordCheck(RecordPurpose Purpose, RecordState State, IReadOnlyList<string> Found, string Value, string Message);

/// <summary>A domain as the checks see it.</summary>
/// <param name="SpfTerm">How an SPF record names this server, for example <c>include:spf.acme.example</c>; null: only the mail provider knows.</param>
/// <param name="BounceHost">Host that takes the mail of the return path; null: the server has no public name.</param>
internal sealed record DomainSetup(string Domain, string Selector, string PublicRecord, string? ReturnPath, string? SpfTerm, string? BounceHost)
{
    public DomainKey? Next { get; init; }

    public DomainKey? Old { get; init; }

    /// <summary>Where links of mails lead; null: to the server's own name.</summary>
    public string? TrackingHost { get; init; }

    /// <summary>The server's own name; null: it has none.</summary>
    public string? PublicHost { get; init; }

    /// <summary>Domain of the envelope's sender: the one whose SPF record counts.</summary>
    public string EnvelopeDomain => ReturnPath ?? Domain;

    /// <summary>The records in the order in which they are best set up.</summary>
    public IReadOnlyList<WantedRecord> Wanted()
    {
        var wanted = new List<WantedRecord>
        {
            new(RecordPurpose.Dkim, "TXT", $"{Selector}._domainkey.{Domain}", PublicRecord, Required: true),
            new(RecordPurpose.Dmarc, "TXT", $"_dmarc.{Domain}", "v=DMARC1; p=none", Required: false),
            new(RecordPurpose.Spf, "TXT", EnvelopeDomain, SpfTerm is null ? "" : $"v=spf1 {SpfTerm} ~all", Required: false),
        };
        if (ReturnPath is not null && BounceHost is not null)
        {
            wanted.Add(new(RecordPurpose.ReturnPath, "MX", ReturnPath, $"10 {BounceHost}", Required: false));
        }

        if (TrackingHost is not null && PublicHost is not null)
        {
            wanted.Add(new(RecordPurpose.Tracking, "CNAME", TrackingHost, PublicHost, Required: false));
        }

        if (Next is { } next)
        {
            wanted.Add(new(RecordPurpose.DkimNext, "TXT", next.HostOf(Domain), next.PublicRecord, Required: false));
        }

        if (Old is { } old)
        {
            wanted.Add(new(RecordPurpose.DkimOld, "TXT", old.HostOf(Domain), old.PublicRecord, Required: false));
        }

        return wanted;
    }
}

/// <summary>The public half of a key and the name it stands under.</summary>
internal sealed record DomainKey(string Selector, string PublicRecord)
{
    public string HostOf(string domain) => $"{Selector}._domainkey.{domain}";
}
