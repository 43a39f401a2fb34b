using System.Security.Cryptography;
using System.Text;
using Millrace.Mail.Mime;

namespace Millrace.Mail.Dkim;

public enum DkimStatus
{
    None,
    Pass,
    Fail,

    /// <summary>The signature or the key record cannot be used.</summary>
    PermError,

    /// <summary>The key could not be looked up.</summary>
    TempError,
}

/// <param name="Reason">One sentence when not passed.</param>
public sealed record DkimResult(DkimStatus Status, string Domain = "", string Selector = "", string Reason = "");

/// <summary>Checks rsa-sha256 signatures (RFC 6376) in both canonical forms. <c>l=</c> is not accepted: anyone could append to the mail.</summary>
public static class DkimVerifier
{
    private const int MaxSignatures = 5;

    /// <summary>TXT text at a name such as <c>s1._domainkey.example.com</c>, joined; null when there is none. Exceptions count as temporary.</summary>
    public delegate ValueTask<string?> KeyLookup(string name, CancellationToken cancellationToken);

    /// <returns>One result for each signature, at most five; empty when the message has none.</returns>
    public static async Task<IReadOnlyList<DkimResult>> VerifyAsync(
        ReadOnlyMemory<byte> message, KeyLookup lookup, CancellationToken cancellationToken)
    {
        var fields = new List<HeaderFields.Field>();
        var body = HeaderFields.Split(message.Span, fields);
        var results = new List<DkimResult>();
        foreach (var field in fields.Where(f => Is(message.Span[f.Name], "DKIM-Signature")).Take(MaxSignatures))
        {
            var tags = DkimTags.Read(Encoding.Latin1.GetString(message.Span[field.Value]));
            results.Add(await VerifyOneAsync(new Candidate(message, body, fields, field, tags), lookup, cancellationToken));
        }

        return results;
    }

    private static async Task<DkimResult> VerifyOneAsync(Candidate candidate, KeyLookup lookup, CancellationToken cancellationToken)
    {
        var tags = candidate.Tags;
        var result = new DkimResult(DkimStatus.PermError, tags["d"], tags["s"]);
        if (candidate.Problem() is { } problem)
        {
            return result with { Reason = problem };
        }

        string? record;
        try
        {
            record = await lookup($"{tags["s"]}._domainkey.{tags["d"]}", cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return result with { Status = DkimStatus.TempError, Reason = "The key could not be looked up." };
        }

        using var key = ReadKey(record);
        if (key is null)
        {
            return result with { Reason = "There is no usable key record." };
        }

        return !CryptographicOperations.FixedTimeEquals(candidate.BodyDigest(), tags.Bytes("bh"))
            ? result with { Status = DkimStatus.Fail, Reason = "The body was changed." }
            : !key.VerifyHash(candidate.HeaderDigest(), tags.Bytes("b"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                ? result with { Status = DkimStatus.Fail, Reason = "The headers were changed or the key is another." }
                : result with { Status = DkimStatus.Pass };
    }

    private static RSA? ReadKey(string? record)
    {
        var tags = DkimTags.Read(record ?? "");
        var bytes = tags.Bytes("p");
        if (bytes.Length == 0 || tags["k"] is not ("" or "rsa") || tags["v"] is not ("" or "DKIM1"))
        {
            return null;
        }

        var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(bytes, out _);
            if (rsa.KeySize >= 1_024)
            {
                return rsa;
            }
        }
        catch (CryptographicException)
        {
            // Somebody else's record: anything may stand there.
        }

        rsa.Dispose();
        return null;
    }

    private static bool Is(ReadOnlySpan<byte> name, string expected) => Ascii.EqualsIgnoreCase(name, expected);

    private sealed record Candidate(
        ReadOnlyMemory<byte> Message, int Body, List<HeaderFields.Field> Fields, HeaderFields.Field Signature, DkimTags Tags)
    {
        private (bool Header, bool Body) IsRelaxed => Tags["c"] switch
        {
            "relaxed/relaxed" => (true, true),
            "relaxed" or "relaxed/simple" => (true, false),
            "simple/relaxed" => (false, true),
            _ => (false, false),
        };

        public string? Problem()
        {
            var signed = Tags["h"].Split(':', StringSplitOptions.TrimEntries);
            return Tags["v"] is not "1" ? "The version is not 1."
                : Tags["a"] is not "rsa-sha256" ? "Only rsa-sha256 is checked."
                : Tags["d"].Length == 0 || Tags["s"].Length == 0 || Tags.Bytes("b").Length == 0 || Tags.Bytes("bh").Length == 0 ? "A needed tag is missing."
                : Tags.Has("l") ? "A signature over a part of the body is not accepted."
                : !signed.Contains("from", StringComparer.OrdinalIgnoreCase) ? "From is not signed."
                : Tags["c"] is not ("" or "simple" or "simple/simple" or "simple/relaxed" or "relaxed" or "relaxed/simple" or "relaxed/relaxed") ? "The canonical form is unknown."
                : null;
        }

        public byte[] BodyDigest()
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            if (IsRelaxed.Body)
            {
                BodyHash.Relaxed(hash, Message.Span[Body..]);
            }
            else
            {
                BodyHash.Simple(hash, Message.Span[Body..]);
            }

            return hash.GetHashAndReset();
        }

        public byte[] HeaderDigest()
        {
            using var canonical = new MailBuffer();
            var used = new HashSet<HeaderFields.Field>();
            foreach (var name in Tags["h"].Split(':', StringSplitOptions.TrimEntries))
            {
                var index = Fields.FindLastIndex(f => Is(Message.Span[f.Name], name) && !used.Contains(f) && f != Signature);
                if (index >= 0)
                {
                    used.Add(Fields[index]);
                    Write(canonical, Message.Span[Fields[index].Whole], Message.Span[Fields[index].Name]);
                    canonical.Write("\r\n"u8);
                }
            }

            var own = DkimTags.WithoutSignature(Encoding.Latin1.GetString(Message.Span[Signature.Whole]));
            Write(canonical, Encoding.Latin1.GetBytes(own), Message.Span[Signature.Name]);
            return SHA256.HashData(canonical.Span);
        }

        private void Write(MailBuffer canonical, ReadOnlySpan<byte> whole, ReadOnlySpan<byte> name)
        {
            if (IsRelaxed.Header)
            {
                HeaderFields.WriteRelaxed(canonical, name, whole[(whole.IndexOf((byte)':') + 1)..]);
            }
            else
            {
                canonical.Write(whole);
            }
        }
    }
}
