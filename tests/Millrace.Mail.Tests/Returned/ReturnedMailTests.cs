using System.Text;
using Millrace.Mail.Returned;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Tests.Returned;

/// <summary>What comes back, as the servers of the world write it, and what it means.</summary>
public sealed class ReturnedMailTests
{
    public static TheoryData<string, ReturnedKind, ReplyClass?, string> Fixtures
    {
        get
        {
            var data = new TheoryData<string, ReturnedKind, ReplyClass?, string>();
            foreach (var fixture in ReturnedFixtures.All)
            {
                data.Add(fixture.Name, fixture.Kind, fixture.Class, fixture.Recipient);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Each_is_read_as_what_it_is(string name, ReturnedKind kind, ReplyClass? expected, string recipient)
    {
        foreach (var ending in (string[])["\r\n", "\n"])
        {
            var mail = ReturnedMail.Read(Encoding.UTF8.GetBytes(ReturnedFixtures.Text(name).ReplaceLineEndings(ending)));

            mail.Kind.ShouldBe(kind, name);
            if (expected is not null)
            {
                var report = mail.Reports[0];
                ReplyClassifier.Classify(SmtpStage.Rcpt, report.Reply).Class.ShouldBe(expected.Value, $"{name}: {report.Reply}");
                report.Recipient.ShouldBe(recipient);
            }
        }
    }

    [Fact]
    public void A_complaint_gives_what_names_the_mail()
    {
        var report = ReturnedMail.Read(Encoding.UTF8.GetBytes(ReturnedFixtures.Text("arf").ReplaceLineEndings("\r\n"))).Feedback!;

        (report.Type, report.IsComplaint, report.Recipient, report.Source).ShouldBe(("abuse", true, "user@example.com", "SomeGenerator/1.0"));
        report.Original.Select(h => h.Name).ShouldContain("Message-ID");
        report.Original.Single(h => h.Name == "Original-Mail-From").Value.ShouldBe("<b+token@bounce.example.net>");
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-generated", true)]
    [InlineData("Auto-Submitted: auto-replied (vacation)", true)]
    [InlineData("Auto-Submitted: no", false)]
    [InlineData("Precedence: bulk", true)]
    [InlineData("X-Autoreply: yes", true)]
    [InlineData("Subject: Out of Office: see you", true)]
    [InlineData("Subject: Automatische Antwort: Hallo", true)]
    [InlineData("Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_x?=", true)]
    [InlineData("Subject: Re: Out of office hours?", false)]
    [InlineData("List-Id: <a.b>", true)]
    [InlineData("From: no-reply@shop.example", true)]
    [InlineData("From: Noah Reply <noah@shop.example>", false)]
    public void Machines_are_told_from_people(string header, bool isMachine)
    {
        var mail = ReturnedMail.Read(Encoding.UTF8.GetBytes($"{header}\r\nTo: x@y.example\r\n\r\nHello\r\n"));

        mail.Kind.ShouldBe(isMachine ? ReturnedKind.AutoReply : ReturnedKind.Reply);
    }
}
