using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Millrace.Mail.Mime;

namespace Millrace.Mail.Dkim;

/// <summary>
/// Signs messages (RFC 6376, rsa-sha256, relaxed/relaxed, never <c>l=</c>). One instance serves many threads.
/// The same message and time always give the same signature.
/// </summary>
public sealed class DkimSigner
{
    private static readonly string[] SignedNames =
    [
        "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type",
        "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Feedback-ID",
    ];

    private static readonly byte[][] SignedNameBytes = [.. SignedNames.Select(Encoding.ASCII.GetBytes)];

    private readonly ConcurrentBag<Bench> _benches = [];
    private readonly DkimKey _key;
    private readonly byte[] _opening;

    /// <param name="domain">ASCII domain, aligned with From.</param>
    /// <param name="selector">One or more DNS labels.</param>
    public DkimSigner(string domain, string selector, DkimKey key)
    {
        _key = key;
        (Domain, Selector) = (Checked(domain), Checked(selector));
        _opening = Encoding.ASCII.GetBytes($"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\r\n s={selector}; t=");
    }

    public string Domain { get; }

    public string Selector { get; }

    /// <summary>Signs the finished message in the buffer and puts the DKIM-Signature header before it.</summary>
    public void Sign(MailBuffer message, DateTimeOffset signedAt)
    {
        using var header = new MailBuffer(2048, headroom: 0);
        Sign(message.Span, signedAt, header);
        message.Prepend(header.Span);
    }

    /// <summary>Writes the DKIM-Signature header for a message, with its line end, to <paramref name="header"/>.</summary>
    public void Sign(ReadOnlySpan<byte> message, DateTimeOffset signedAt, IBufferWriter<byte> header)
    {
        var bench = _benches.TryTake(out var free) ? free : new Bench();
        try
        {
            SignOn(bench, message, signedAt, header);
        }
        finally
        {
            _benches.Add(bench);
        }
    }

    private void SignOn(Bench bench, ReadOnlySpan<byte> message, DateTimeOffset signedAt, IBufferWriter<byte> output)
    {
        bench.Clear();
        var body = HeaderFields.Split(message, bench.Fields);
        BodyHash.Relaxed(bench.Hash, message[body..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        bench.Hash.GetHashAndReset(digest);

        var header = bench.Header;
        header.Write(_opening);
        Span<byte> number = stackalloc byte[20];
        signedAt.ToUnixTimeSeconds().TryFormat(number, out var digits, provider: CultureInfo.InvariantCulture);
        header.Write(number[..digits]);
        header.Write(";\r\n h="u8);
        ListHeaders(bench, message);
        header.Write(";\r\n bh="u8);
        header.Advance(Encode(digest, header.GetSpan(64)));
        header.Write(";\r\n b="u8);

        HeaderFields.WriteRelaxed(bench.Canonical, "dkim-signature"u8, header.Span["DKIM-Signature:".Length..]);
        SHA256.HashData(bench.Canonical.Span, digest);
        output.Write(header.Span);
        WriteSignature(digest, output);
    }

    /// <summary>Writes the <c>h=</c> list and, in the same order, the canonical headers. Repeated fields count from the bottom.</summary>
    private static void ListHeaders(Bench bench, ReadOnlySpan<byte> message)
    {
        var column = 3;
        for (var i = 0; i < SignedNameBytes.Length; i++)
        {
            var name = SignedNameBytes[i];
            for (var f = bench.Fields.Count - 1; f >= 0; f--)
            {
                var field = bench.Fields[f];
                if (!Ascii.EqualsIgnoreCase(message[field.Name], name))
                {
                    continue;
                }

                column = ListName(bench.Header, name, column);
                HeaderFields.WriteRelaxed(bench.Canonical, message[field.Name], message[field.Value]);
                bench.Canonical.Write("\r\n"u8);
            }

            if (i == 0)
            {
                // From once more: nobody can add a second one without breaking the signature.
                column = ListName(bench.Header, name, column);
            }
        }
    }

    private static int ListName(MailBuffer header, ReadOnlySpan<byte> name, int column)
    {
        if (column > 3)
        {
            header.Write(":"u8);
            column++;
        }

        if (column + name.Length > 74)
        {
            header.Write("\r\n  "u8);
            column = 4;
        }

        header.Write(name);
        return column + name.Length;
    }

    private void WriteSignature(ReadOnlySpan<byte> digest, IBufferWriter<byte> output)
    {
        Span<byte> signature = stackalloc byte[_key.SignatureSize];
        var signed = _key.SignHash(digest, signature);
        Span<byte> text = stackalloc byte[Base64.GetMaxEncodedToUtf8Length(signed)];
        ReadOnlySpan<byte> rest = text[..Encode(signature[..signed], text)];
        while (rest.Length > 72)
        {
            output.Write(rest[..72]);
            output.Write("\r\n "u8);
            rest = rest[72..];
        }

        output.Write(rest);
        output.Write("\r\n"u8);
    }

    private static int Encode(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        Base64.EncodeToUtf8(bytes, target, out _, out var written);
        return written;
    }

    private static string Checked(string value) =>
        value.Length is > 0 and <= 253 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            ? value
            : throw new InvalidHeaderException("Domain and selector of a signature are ASCII names.");

    /// <summary>What one signature needs; reused, so that signing allocates next to nothing.</summary>
    private sealed class Bench
    {
        public IncrementalHash Hash { get; } = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public List<HeaderFields.Field> Fields { get; } = new(32);

        public MailBuffer Header { get; } = new(2048, headroom: 0);

        public MailBuffer Canonical { get; } = new(4096, headroom: 0);

        public void Clear()
        {
            Fields.Clear();
            Header.Clear();
            Canonical.Clear();
        }
    }
}
