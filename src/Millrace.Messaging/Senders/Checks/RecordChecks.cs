using Millrace.Kernel.Data;
using Millrace.Mail.Dkim;
using Millrace.Mail.Dns;

namespace Millrace.Messaging.Senders.Checks;

/// <summary>Compares what DNS holds with what it should hold, and says the difference in words.</summary>
internal sealed class RecordChecks(IDnsLookup dns)
{
    private const int MaxIncludes = 10;
    private const int MaxShown = 5;

    /// <returns>One result for each wanted record, in order.</returns>
    public async Task<IReadOnlyList<RecordCheck>> RunAsync(DomainSetup setup, CancellationToken cancellationToken)
    {
        var checks = setup.Wanted().Select(wanted => wanted.Purpose switch
        {
            RecordPurpose.Dkim => DkimAsync(setup, wanted, cancellationToken),
            RecordPurpose.Spf => SpfAsync(setup, wanted, cancellationToken),
            RecordPurpose.Dmarc => DmarcAsync(setup, cancellationToken),
            RecordPurpose.ReturnPath => ReturnPathAsync(setup, wanted, cancellationToken),
            RecordPurpose.DkimNext => NextKeyAsync(wanted, cancellationToken),
            RecordPurpose.DkimOld => OldKeyAsync(wanted, cancellationToken),
            RecordPurpose.Tracking => TrackingAsync(wanted, cancellationToken),
            _ => throw new InvalidOperationException($"No check for {wanted.Purpose}."),
        });
        return await Task.WhenAll(checks);
    }

    private async Task<RecordCheck> DkimAsync(DomainSetup setup, WantedRecord wanted, CancellationToken cancellationToken)
    {
        var answer = await dns.LookUpAsync(wanted.Host, DnsType.Txt, cancellationToken);
        if (answer.Status == DnsStatus.Unanswered)
        {
            return Unknown(wanted.Purpose);
        }

        var key = DkimTags.Read(setup.PublicRecord)["p"];
        return answer.Values.Any(v => DkimTags.Read(v)["p"] == key)
            ? answer.Values.Count == 1
                ? Result(wanted.Purpose, RecordState.Ok, answer, "The key is there. Receivers can check our signature.")
                : Result(wanted.Purpose, RecordState.Wrong, answer, "The key is there, but beside it stands another record of the same name. Delete the other one.")
            : answer.Values.Count == 0
                ? await MissingDkimAsync(setup, wanted, cancellationToken)
                : Result(wanted.Purpose, RecordState.Wrong, answer, answer.Values.Any(v => key.StartsWith(DkimTags.Read(v)["p"], StringComparison.Ordinal) && DkimTags.Read(v)["p"].Length > 0)
                    ? "A part of the key is missing: the value was cut off. Copy it whole."
                    : "Another value stands there. Replace it with the one to copy.");
    }

    /// <summary>Many providers add the domain by themselves, so that it stands there twice: the commonest mistake of all.</summary>
    private async Task<RecordCheck> MissingDkimAsync(DomainSetup setup, WantedRecord wanted, CancellationToken cancellationToken)
    {
        var doubled = await dns.LookUpAsync($"{wanted.Host}.{setup.Domain}", DnsType.Txt, cancellationToken);
        return doubled.Status == DnsStatus.Found
            ? new(wanted.Purpose, RecordState.Wrong, doubled.Values, "",
                $"The record is at {wanted.Host}.{setup.Domain}: your DNS provider added the domain once more. Enter the name without \".{setup.Domain}\".")
            : new(wanted.Purpose, RecordState.Missing, [], "", "There is no record yet. A new one can take minutes, at some providers hours, until it is seen.");
    }

    private async Task<RecordCheck> SpfAsync(DomainSetup setup, WantedRecord wanted, CancellationToken cancellationToken)
    {
        var answer = await dns.LookUpAsync(wanted.Host, DnsType.Txt, cancellationToken);
        if (answer.Status == DnsStatus.Unanswered)
        {
            return Unknown(wanted.Purpose);
        }

        var records = answer.Values.Where(IsSpf).ToList();
        var only = answer with { Values = records };
        if (records.Count == 0)
        {
            return Result(wanted.Purpose, RecordState.Missing, only, setup.SpfTerm is null
                ? "There is no SPF record. Your mail provider tells you which one to add."
                : "There is no SPF record. Without one, some receivers mark the mail as doubtful.");
        }

        if (records.Count > 1)
        {
            return Result(wanted.Purpose, RecordState.Wrong, only, "There are several SPF records; receivers then heed none of them. Join them into one.");
        }

        return setup.SpfTerm is not { } term
            ? Result(wanted.Purpose, RecordState.Ok, only, "There is an SPF record. Whether it names your mail provider, only the provider can say.")
            : await NamesAsync(records[0], term, new Counter(), cancellationToken) is not { } named
                ? Unknown(wanted.Purpose)
                : named
                    ? Result(wanted.Purpose, RecordState.Ok, only, "The record names this server.")
                    : Result(wanted.Purpose, RecordState.Wrong, only, "There is an SPF record, but it does not name this server. Replace it with the one to copy: it keeps what was there.")
                        with
                    { Value = WithTerm(records[0], term) };
    }

    /// <summary>Whether the record names the server, itself or by way of another it includes; null when one of them could not be read.</summary>
    private async Task<bool?> NamesAsync(string record, string term, Counter counter, CancellationToken cancellationToken)
    {
        var terms = record.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (terms.Any(t => string.Equals(t.TrimStart('+'), term, StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        bool? named = false;
        foreach (var other in terms.Select(t => Reference(t.TrimStart('+'))).OfType<string>())
        {
            if (++counter.Value > MaxIncludes)
            {
                return false;
            }

            var answer = await dns.LookUpAsync(other, DnsType.Txt, cancellationToken);
            var inner = answer.Status == DnsStatus.Unanswered ? null
                : answer.Values.FirstOrDefault(IsSpf) is { } found ? await NamesAsync(found, term, counter, cancellationToken) : false;
            if (inner == true)
            {
                return true;
            }

            named = inner is null ? null : named;
        }

        return named;
    }

    private async Task<RecordCheck> DmarcAsync(DomainSetup setup, CancellationToken cancellationToken)
    {
        // A domain without a record of its own is under that of the domain above it.
        for (var domain = setup.Domain; domain.Contains('.', StringComparison.Ordinal); domain = domain[(domain.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            var answer = await dns.LookUpAsync("_dmarc." + domain, DnsType.Txt, cancellationToken);
            if (answer.Status == DnsStatus.Unanswered)
            {
                return Unknown(RecordPurpose.Dmarc);
            }

            var records = answer.Values.Where(v => v.StartsWith("v=DMARC1", StringComparison.OrdinalIgnoreCase)).ToList();
            if (records.Count > 1)
            {
                return Result(RecordPurpose.Dmarc, RecordState.Wrong, answer with { Values = records }, "There are several DMARC records; receivers then heed none of them. Keep one.");
            }

            if (records is [var record])
            {
                var where = domain == setup.Domain ? "" : $" It stands at {domain} and covers this domain.";
                return Result(RecordPurpose.Dmarc, RecordState.Ok, answer with { Values = records }, DkimTags.Read(record)["p"].ToLowerInvariant() switch
                {
                    "reject" or "quarantine" => "Forged mail in your name is turned away." + where,
                    _ => "The record is there. With p=none receivers only watch; p=quarantine would also protect your name." + where,
                });
            }
        }

        return new(RecordPurpose.Dmarc, RecordState.Missing, [], "", "There is no DMARC record. Gmail and Yahoo want one from everybody who sends to many.");
    }

    private async Task<RecordCheck> ReturnPathAsync(DomainSetup setup, WantedRecord wanted, CancellationToken cancellationToken)
    {
        var host = setup.BounceHost!;
        var answer = await dns.LookUpAsync(wanted.Host, DnsType.Mx, cancellationToken);
        if (answer.Status == DnsStatus.Unanswered)
        {
            return Unknown(wanted.Purpose);
        }

        return answer.Values.Contains(host, StringComparer.OrdinalIgnoreCase) || answer.Aliases.Contains(host, StringComparer.OrdinalIgnoreCase)
            ? Result(wanted.Purpose, RecordState.Ok, answer with { Values = [.. answer.Values, .. answer.Aliases] }, "Bounces come back to this server.")
            : answer.Values.Count == 0 && answer.Aliases.Count == 0
                ? Result(wanted.Purpose, RecordState.Missing, answer, "There is no record yet, so bounces go to the sender's own address.")
                : Result(wanted.Purpose, RecordState.Wrong, answer with { Values = [.. answer.Values, .. answer.Aliases] },
                    "The name leads to another server. Until it leads here, bounces go to the sender's own address.");
    }

    private async Task<RecordCheck> NextKeyAsync(WantedRecord wanted, CancellationToken cancellationToken)
    {
        var answer = await dns.LookUpAsync(wanted.Host, DnsType.Txt, cancellationToken);
        return answer.Status == DnsStatus.Unanswered ? Unknown(wanted.Purpose)
            : answer.Values.Any(v => DkimTags.Read(v)["p"] == DkimTags.Read(wanted.Value)["p"])
                ? Result(wanted.Purpose, RecordState.Ok, answer, "The new key is there; from now on it signs.")
                : answer.Values.Count == 0
                    ? Result(wanted.Purpose, RecordState.Missing, answer, "The new key is not there yet. Until it is, the present one signs, and nothing changes.")
                    : Result(wanted.Purpose, RecordState.Wrong, answer, "Another value stands there. Replace it with the one to copy.");
    }

    private async Task<RecordCheck> OldKeyAsync(WantedRecord wanted, CancellationToken cancellationToken)
    {
        var answer = await dns.LookUpAsync(wanted.Host, DnsType.Txt, cancellationToken);
        return answer.Status == DnsStatus.Unanswered ? Unknown(wanted.Purpose)
            : answer.Values.Count > 0
                ? Result(wanted.Purpose, RecordState.Ok, answer, "Leave this record for now: mails on their way are still checked with it.")
                : Result(wanted.Purpose, RecordState.Missing, answer, "The record is gone already. Mails signed with it that arrive late may be taken for spam.");
    }

    private async Task<RecordCheck> TrackingAsync(WantedRecord wanted, CancellationToken cancellationToken)
    {
        var answer = await dns.LookUpAsync(wanted.Host, DnsType.Cname, cancellationToken);
        if (answer.Status == DnsStatus.Unanswered)
        {
            return Unknown(wanted.Purpose);
        }

        List<string> seen = [.. answer.Values, .. answer.Aliases];
        return seen.Contains(wanted.Value, StringComparer.OrdinalIgnoreCase)
            ? Result(wanted.Purpose, RecordState.Ok, answer with { Values = seen }, "Links in mails lead here under your own name. The web server in front must hold a certificate for it.")
            : seen.Count == 0
                ? Result(wanted.Purpose, RecordState.Missing, answer, "There is no record yet, so links lead to this server's own name.")
                : Result(wanted.Purpose, RecordState.Wrong, answer with { Values = seen }, "The name leads elsewhere. Until it leads here, links lead to this server's own name.");
    }

    private static string WithTerm(string record, string term)
    {
        var terms = record.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        terms.Insert(1, term);
        return string.Join(' ', terms);
    }

    private static string? Reference(string term) =>
        term.StartsWith("include:", StringComparison.OrdinalIgnoreCase) ? term["include:".Length..]
        : term.StartsWith("redirect=", StringComparison.OrdinalIgnoreCase) ? term["redirect=".Length..]
        : null;

    private static bool IsSpf(string text) =>
        text.Equals("v=spf1", StringComparison.OrdinalIgnoreCase) || text.StartsWith("v=spf1 ", StringComparison.OrdinalIgnoreCase);

    private static RecordCheck Unknown(RecordPurpose purpose) =>
        new(purpose, RecordState.Unknown, [], "", "No name server gave an answer. We ask again by ourselves.");

    private static RecordCheck Result(RecordPurpose purpose, RecordState state, DnsAnswer answer, string message) =>
        new(purpose, state, [.. answer.Values.Take(MaxShown).Select(v => StorableText.Cut(v, 1_000))], "", message);

    private sealed class Counter
    {
        public int Value { get; set; }
    }
}
