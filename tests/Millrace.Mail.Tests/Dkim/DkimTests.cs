using System.Diagnostics;
using System.Text;
using Millrace.Mail.Dkim;
using Millrace.Mail.Mime;
using Millrace.Mail.Tests.Mime;

namespace Millrace.Mail.Tests.Dkim;

public sealed class DkimTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
    private static readonly DkimKey Key = DkimKey.Generate();
    private static readonly DkimSigner Signer = new("example.com", "s1", Key);

    [Fact]
    public async Task The_example_of_rfc_8463_verifies()
    {
        var message = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Dkim", "rfc8463.eml"));

        var results = await DkimVerifier.VerifyAsync(
            Encoding.ASCII.GetBytes(message.ReplaceLineEndings("\r\n")),
            (name, _) => ValueTask.FromResult<string?>(name == "test._domainkey.football.example.com" ? Rfc8463Key : null),
            CancellationToken.None);

        results.ShouldHaveSingleItem().ShouldBe(new DkimResult(DkimStatus.Pass, "football.example.com", "test"));
    }

    [Fact]
    public async Task A_thousand_odd_messages_verify_and_no_longer_when_a_byte_changes()
    {
        var random = new Random(3);
        for (var i = 0; i < 1_000; i++)
        {
            var signed = Signed(OddMessages.Next(random, i));
            (await VerifyAsync(signed)).Status.ShouldBe(DkimStatus.Pass, $"message {i}");

            var at = signed.AsSpan().IndexOf("Subject:"u8) + 9;
            signed[at] ^= 1;
            (await VerifyAsync(signed)).Status.ShouldBe(DkimStatus.Fail, $"message {i} changed");
        }
    }

    [Fact]
    public async Task A_second_from_breaks_the_signature()
    {
        var signed = Signed(MimeMessageTests.Render(MimeMessageTests.Sample));
        var forged = Encoding.ASCII.GetBytes("From: boss@example.com\r\n").Concat(signed).ToArray();

        (await VerifyAsync(forged)).Status.ShouldBe(DkimStatus.Fail);
    }

    [Fact]
    public void The_signature_covers_the_headers_of_the_list()
    {
        var message = MimeMessageTests.Sample with
        {
            ReplyTo = MimeMessageTests.Sample.From,
            Headers =
            [
                new("List-Unsubscribe", "<https://example.com/u/1>"), new("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                new("List-Id", "<news.example.com>"), new("Feedback-ID", "1:2:3:millrace"), new("X-Other", "free"),
            ],
        };

        var header = MimeParser.Parse(Signed(MimeMessageTests.Render(message))).Root.Header("DKIM-Signature")!;

        var names = DkimTags.Read(header)["h"];
        names.ShouldBe("From:From:To:Subject:Date:Message-ID:Reply-To:MIME-Version:Content-Type:List-Unsubscribe:List-Unsubscribe-Post:List-Id:Feedback-ID");
        DkimTags.Read(header).Has("l").ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_survives_pem_and_signs_the_same()
    {
        using var copy = DkimKey.FromPem(Key.ToPem());
        var message = MimeMessageTests.Render(MimeMessageTests.Sample);
        using var buffer = new MailBuffer();
        buffer.Write(message);

        new DkimSigner("example.com", "s1", copy).Sign(buffer, Now);

        copy.PublicRecord.ShouldBe(Key.PublicRecord);
        buffer.Span.ToArray().ShouldBe(Signed(message));
        (await VerifyAsync(buffer.Span.ToArray())).Status.ShouldBe(DkimStatus.Pass);
        Should.Throw<ArgumentException>(() => DkimKey.FromPem("no key"));
    }

    [Fact]
    public async Task One_signer_serves_many_threads()
    {
        var message = MimeMessageTests.Render(MimeMessageTests.Sample);
        var expected = Signed(message);

        var all = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => Signed(message))));

        all.ShouldAllBe(signed => Enumerable.SequenceEqual(signed, expected));
    }

    [Fact]
    public async Task Missing_and_broken_keys_are_told_apart()
    {
        var signed = Signed(MimeMessageTests.Render(MimeMessageTests.Sample));

        (await VerifyAsync(signed, _ => null)).Status.ShouldBe(DkimStatus.PermError);
        (await VerifyAsync(signed, _ => "v=DKIM1; p=AAAA")).Status.ShouldBe(DkimStatus.PermError);
        (await VerifyAsync(signed, _ => throw new IOException())).Status.ShouldBe(DkimStatus.TempError);
        (await DkimVerifier.VerifyAsync("Subject: x\r\n\r\n"u8.ToArray(), (_, _) => ValueTask.FromResult<string?>(null), CancellationToken.None)).ShouldBeEmpty();
    }

    /// <summary>Needs Debian's python3-dkim; where it is installed it must agree, where not the test says so.</summary>
    [Fact]
    public async Task An_independent_verifier_agrees()
    {
        var python = await PythonWithDkimAsync();
        Assert.SkipWhen(python is null, "python3-dkim is not installed");
        var folder = Directory.CreateTempSubdirectory("dkim");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "key"), Key.PublicRecord);
            var random = new Random(5);
            for (var i = 0; i < 1_000; i++)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{i}.eml"), Signed(OddMessages.Next(random, i)));
            }

            var (exit, output) = await RunAsync(python!, Path.Combine(AppContext.BaseDirectory, "Dkim", "verify.py"), folder.FullName);

            exit.ShouldBe(0, output);
            output.Trim().ShouldBe("1000 pass");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private const string Rfc8463Key =
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
        + "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";

    private static byte[] Signed(byte[] message)
    {
        using var buffer = new MailBuffer();
        buffer.Write(message);
        Signer.Sign(buffer, Now);
        return buffer.Span.ToArray();
    }

    private static Task<DkimResult> VerifyAsync(byte[] message) => VerifyAsync(message, _ => Key.PublicRecord);

    private static async Task<DkimResult> VerifyAsync(byte[] message, Func<string, string?> lookup) =>
        (await DkimVerifier.VerifyAsync(message, (name, _) => ValueTask.FromResult(lookup(name)), CancellationToken.None)).ShouldHaveSingleItem();

    private static async Task<string?> PythonWithDkimAsync()
    {
        foreach (var python in (string[])["/usr/bin/python3", "python3"])
        {
            try
            {
                if ((await RunAsync(python, "-c", "import dkim")).Exit == 0)
                {
                    return python;
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not there at all.
            }
        }

        return null;
    }

    private static async Task<(int Exit, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
