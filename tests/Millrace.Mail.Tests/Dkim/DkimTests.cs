using System.Diagnostics;
using System.Text;
using Millrace.Mail.Addresses;
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

    /// <summary>Needs Debian's python3-dkim and libmail-dkim-perl; each that is installed must agree with us on a thousand odd messages.</summary>
    [Fact]
    public async Task Independent_verifiers_agree()
    {
        (string Program, string Script, string[] Probe)[] verifiers =
        [
            ("/usr/bin/python3", "verify.py", ["-c", "import dkim"]), ("/usr/bin/perl", "verify.pl", ["-MMail::DKIM", "-e", "1"]),
        ];
        var present = new List<(string Program, string Script)>();
        foreach (var (program, script, probe) in verifiers)
        {
            if (await WorksAsync(program, probe))
            {
                present.Add((program, script));
            }
        }

        Assert.SkipWhen(present.Count == 0, "neither python3-dkim nor libmail-dkim-perl is installed");
        var folder = Directory.CreateTempSubdirectory("dkim");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "key"), Key.PublicRecord);
            var random = new Random(5);
            for (var i = 0; i < 1_000; i++)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{i}.eml"), Signed(OddMessages.Next(random, i)));
            }

            foreach (var (program, script) in present)
            {
                var (exit, output) = await RunAsync(program, Path.Combine(AppContext.BaseDirectory, "Dkim", script), folder.FullName);
                (exit, output.Trim()).ShouldBe((0, "1000 pass"), script);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A parser of another make: Python's own. A thousand messages with subjects in thirty scripts and odd bodies come back as they were written.</summary>
    [Fact]
    public async Task Another_mail_parser_reads_what_we_write()
    {
        Assert.SkipUnless(await WorksAsync("python3", "-c", "import email"), "there is no Python");
        var folder = Directory.CreateTempSubdirectory("mime");
        try
        {
            var random = new Random(6);
            var subjects = MimeMessageTests.Scripts.Select(s => s.Data).Where(s => s.Trim().Length > 0 && s.Trim() == s && !s.Contains("=?", StringComparison.Ordinal)).ToList();
            for (var i = 0; i < 1_000; i++)
            {
                var subject = string.Join(' ', random.GetItems(subjects.ToArray(), 1 + (i % 2)));
                var text = OddMessages.Text(random, i);
                var html = "<p>" + OddMessages.Text(random, i + 1) + "</p>";
                var message = MimeMessageTests.Sample with
                {
                    Subject = subject,
                    From = new Mailbox(MimeMessageTests.Sample.From.Address, "Shop " + i),
                    TextBody = text.AsMemory(),
                    HtmlBody = html.AsMemory(),
                    Headers = [new("List-Unsubscribe", "<https://example.com/u/" + i + ">"), new("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")],
                };
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{i}.eml"), Signed(MimeMessageTests.Render(message)));
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{i}.json"), System.Text.Json.JsonSerializer.Serialize(new
                {
                    subject = HeaderText.WithoutInvisible(subject),
                    name = "Shop " + i,
                    address = "shop@example.com",
                    to = "ann@example.org",
                    text = Plain(text),
                    html = Plain(html),
                }));
            }

            var (exit, output) = await RunAsync("python3", Path.Combine(AppContext.BaseDirectory, "Dkim", "read.py"), folder.FullName);
            (exit, output.Trim()).ShouldBe((0, "1000 read"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Plain(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

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

    private static async Task<bool> WorksAsync(string program, params string[] probe)
    {
        try
        {
            return (await RunAsync(program, probe)).Exit == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // not there at all
        }
    }

    private static async Task<(int Exit, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
