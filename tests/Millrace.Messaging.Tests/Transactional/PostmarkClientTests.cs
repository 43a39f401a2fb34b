using System.Text.Json.Nodes;
using Millrace.Messaging.Tests.Sending;

namespace Millrace.Messaging.Tests.Transactional;

/// <summary>Postmark's own client, unchanged, against the real server.</summary>
public sealed class PostmarkClientTests(MailProduct product) : IClassFixture<MailProduct>
{
    [Fact]
    public async Task Postmarks_client_sends_reads_and_is_told_what_is_wrong()
    {
        var desk = await Desk.OpenAsync(product);
        var (from, tag) = ("\"Shop, Inc.\" <shop@sender.example>", "welcome");
        var first = await desk.ClientAsync(
            ("sendEmail", [new
            {
                From = from, To = "\"Ann\" <ann@client.example>", Cc = "cc@client.example", Bcc = "bcc@client.example", Subject = "Hello", HtmlBody = "<p>100% <a href=\"https://shop.example/?a=1&amp;b=2\">look</a></p>",
                TextBody = "Hello %FIRSTNAME%", Tag = tag, Metadata = new { order = "7" }, TrackOpens = true, TrackLinks = "HtmlAndText", ReplyTo = "help@sender.example",
                Headers = new[] { new { Name = "X-Shop", Value = "yes" } },
                Attachments = new[] { new { Name = "bill.txt", Content = "aGVsbG8=", ContentType = "text/plain", ContentID = (string?)null } },
            }]),
            ("sendEmailBatch", [new object[]
            {
                new { From = from, To = "one@client.example", Subject = "One", TextBody = "1" },
                new { From = from, To = "not an address", Subject = "Two", TextBody = "2" },
                new { From = from, To = "r-550-5.1.1+dead@client.example", Subject = "Three", TextBody = "3" },
            }]),
            ("createTemplate", [new { Name = "Welcome", Alias = "welcome", Subject = "Hi {{name}}", HtmlBody = "<p>Hi {{name}}</p><ul>{{#each items}}<li>{{title}}</li>{{/each}}</ul>", TextBody = "Hi {{name}}" }]),
            ("validateTemplate", [new { Subject = "{{x}}", HtmlBody = "{{#each a}}", TextBody = "{{b}}", TestRenderModel = new { x = "1" } }]),
            ("sendEmailWithTemplate", [new { From = from, To = "tess@client.example", TemplateAlias = "welcome", TemplateModel = new { name = "Tess <3", items = new[] { new { title = "A" }, new { title = "B" } } } }]),
            ("sendEmailBatchWithTemplates", [new object[]
            {
                new { From = from, To = "t1@client.example", TemplateAlias = "welcome", TemplateModel = new { name = "T1" } },
                new { From = from, To = "t2@client.example", TemplateAlias = "nowhere", TemplateModel = new { } },
            }]),
            ("sendEmail", [new { From = from, To = "x@client.example", Subject = "No body" }]),
            ("sendEmail", [new { From = from, To = "x@client.example", Subject = "S", TextBody = "T", MessageStream = "nowhere" }]),
            ("getServer", []),
            ("getMessageStreams", []),
            ("createMessageStream", [new { ID = "news", Name = "News", MessageStreamType = "Broadcasts" }]),
            ("getTemplates", []),
            ("createSuppressions", ["outbound", new { Suppressions = new[] { new { EmailAddress = "gone@client.example" } } }]),
            ("sendEmail", [new { From = from, To = "gone@client.example", Subject = "S", TextBody = "T" }]),
            ("getOutboundMessageDetails", ["00000000-0000-4000-8000-000000000000"]),
            ("createWebhook", [new { Url = "https://hooks.example.com/x", MessageStream = "outbound", Triggers = new { Delivery = new { Enabled = true } }, HttpAuth = new { Username = "u", Password = "p" } }]));
        if (first is null)
        {
            Assert.Skip("npm ci in web/ brings Postmark's client.");
        }

        JsonNode Value(int i) => first[i]["value"] ?? throw new InvalidOperationException($"step {i}: {first[i].ToJsonString()}");
        Value(0)["ErrorCode"]!.GetValue<int>().ShouldBe(0);
        Value(0)["To"]!.GetValue<string>().ShouldBe("\"Ann\" <ann@client.example>");
        var id = Value(0)["MessageID"]!.GetValue<string>();
        Value(1).AsArray().Select(n => n!["ErrorCode"]!.GetValue<int>()).ShouldBe([0, 300, 0]);
        Value(2)["Alias"]!.GetValue<string>().ShouldBe("welcome");
        Value(3)["AllContentIsValid"]!.GetValue<bool>().ShouldBeFalse();
        Value(3)["Subject"]!["RenderedContent"]!.GetValue<string>().ShouldBe("1");
        Value(5).AsArray().Select(n => n!["ErrorCode"]!.GetValue<int>()).ShouldBe([0, 1101]);
        (first[6]["error"]!.GetValue<string>(), first[6]["code"]!.GetValue<int>()).ShouldBe(("InvalidEmailRequestError", 300));
        first[7]["code"]!.GetValue<int>().ShouldBe(1235);
        Value(8)["Name"]!.GetValue<string>().ShouldBe("Shop");
        Value(9)["MessageStreams"]!.AsArray().Select(n => n!["ID"]!.GetValue<string>()).ShouldBe(["outbound", "broadcast", "inbound"]);
        Value(10)["SubscriptionManagementConfiguration"]!["UnsubscribeHandlingType"]!.GetValue<string>().ShouldBe("Postmark");
        Value(11)["TotalCount"]!.GetValue<int>().ShouldBe(1);
        (first[13]["error"]!.GetValue<string>(), first[13]["recipients"]!.ToJsonString()).ShouldBe(("InactiveRecipientsError", "[\"gone@client.example\"]"));
        first[14]["code"]!.GetValue<int>().ShouldBe(701);
        Value(15)["HttpAuth"]!["Password"].ShouldBeNull("a password is told nowhere");

        await desk.Account.DispatchedAsync();
        await desk.ToldAsync();
        await LooksAsSentAsync();
        var second = (await desk.ClientAsync(
            ("getOutboundMessages", [new { tag }]), ("getOutboundMessageDetails", [id]), ("getBounces", [new { }]), ("getDeliveryStatistics", []), ("getOutboundOverview", [new { }]),
            ("getSentCounts", [new { }]), ("getSuppressions", ["outbound", new { }]), ("getMessageOpens", [new { }])))!;
        second.Where(s => s["value"] is null).Select(s => s.ToJsonString()).ShouldBeEmpty();
        second[0]["value"]!["Messages"]!.AsArray().ShouldHaveSingleItem()!["Status"]!.GetValue<string>().ShouldBe("Sent");
        second[1]["value"]!["MessageEvents"]!.AsArray().Select(e => e!["Type"]!.GetValue<string>()).ShouldBe(["Delivered", "Delivered", "Delivered"]);
        second[1]["value"]!["HtmlBody"]!.GetValue<string>().ShouldContain("100%");
        var bounce = second[2]["value"]!["Bounces"]!.AsArray().ShouldHaveSingleItem()!;
        (bounce["Type"]!.GetValue<string>(), bounce["TypeCode"]!.GetValue<int>(), bounce["Inactive"]!.GetValue<bool>()).ShouldBe(("HardBounce", 1, true));
        second[3]["value"]!["InactiveMails"]!.GetValue<int>().ShouldBe(2);
        second[4]["value"]!["Sent"]!.GetValue<int>().ShouldBe(7);
        second[4]["value"]!["Bounced"]!.GetValue<int>().ShouldBe(1);
        second[5]["value"]!["Days"]!.AsArray().ShouldHaveSingleItem();
        second[6]["value"]!["Suppressions"]!.AsArray().Select(s => s!["SuppressionReason"]!.GetValue<string>()).Order(StringComparer.Ordinal).ShouldBe(["HardBounce", "ManualSuppression"]);

        var third = (await desk.ClientAsync(("activateBounce", [bounce["ID"]!.GetValue<long>()]), ("deleteTemplate", ["welcome"]), ("archiveMessageStream", ["news"]), ("getBounce", [999999])))!;
        third[0]["value"]!["Bounce"]!["Inactive"]!.GetValue<bool>().ShouldBeFalse();
        third[1]["value"]!["ErrorCode"]!.GetValue<int>().ShouldBe(0);
        third[2]["value"]!["ID"]!.GetValue<string>().ShouldBe("news");
        third[3]["code"]!.GetValue<int>().ShouldBe(407);
    }

    private async Task LooksAsSentAsync()
    {
        var mail = product.Mail("ann@client.example");
        mail.From.ShouldBe("\"Shop, Inc.\" <shop@sender.example>");
        mail.To.ShouldBe("Ann <ann@client.example>");
        mail.Root.Header("Cc").ShouldBe("cc@client.example");
        mail.Root.Header("Bcc").ShouldBeNull();
        mail.Root.Header("X-Shop").ShouldBe("yes");
        mail.Root.Header("Reply-To").ShouldBe("help@sender.example");
        mail.TextBody.ShouldNotBeNull().Trim().ShouldBe("Hello %FIRSTNAME%", "nothing is merged into what a program wrote");
        mail.HtmlBody.ShouldNotBeNull().ShouldContain("https://mail.example.test/c/");
        mail.HtmlBody.ShouldContain("https://mail.example.test/o/");
        mail.Attachments.ShouldHaveSingleItem().DecodeBytes().ShouldBe("hello"u8.ToArray());
        var copy = product.Mail("bcc@client.example");
        copy.MessageId.ShouldBe(mail.MessageId);
        copy.To.ShouldBe(mail.To);
        var filled = product.Mail("tess@client.example");
        filled.Subject.ShouldBe("Hi Tess <3");
        filled.HtmlBody.ShouldNotBeNull().ShouldContain("<p>Hi Tess &lt;3</p><ul><li>A</li><li>B</li></ul>");

        var path = System.Text.RegularExpressions.Regex.Match(mail.HtmlBody!, "https://mail.example.test(/c/[^\"]+)").Groups[1].Value;
        using var reader = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var head = new HttpRequestMessage(HttpMethod.Head, new Uri(product.Address, path));
        using var answer = await reader.SendAsync(head, TestContext.Current.CancellationToken);
        answer.Headers.Location!.OriginalString.ShouldBe("https://shop.example/?a=1&b=2");
    }
}
