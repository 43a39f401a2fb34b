using Millrace.Mail.Addresses;

namespace Millrace.Mail.Tests.Addresses;

public sealed class EmailAddressTests
{
    public static TheoryData<string> Refused =>
    [
        "a\r\nRCPT TO:<x@y.z>@b.c", "\"a\r\nDATA\"@b.c", "a@b.c>\r\nBcc: x", "a@b@c.d", "a@[127.0.0.1]", "a@localhost",
        new string('a', 65) + "@b.cd", "a@" + string.Join('.', Enumerable.Repeat(new string('d', 50), 5))[..253] + "x", "a@b..c", "a@-b.c", "a@b.c\0",
        "<a@b.c>", "a@b.c,d@e.f", "\"quoted sp\"@b.cd", "", " ", "@b.cd", "a@", "a.@b.cd", ".a@b.cd", "a..b@b.cd", "a@b.cd.", "a@1.2.3.4", "a b@c.de",
        "a@b_c.de", "a@b.c d", "a\u0085@b.cd", "a@" + new string('x', 64) + ".de", "a;b@c.de", "a@b.cd\n",
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_no_plain_address_is_refused_as_email_invalid(string text)
    {
        EmailAddress.TryParse(text, out var address, out var code, out var message).ShouldBeFalse();

        address.ShouldBeNull();
        code.ShouldBe("email_invalid");
        message.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Letters_beyond_ascii_before_the_at_have_their_own_code()
    {
        EmailAddress.TryParse("ü@b.cd", out _, out var code, out _).ShouldBeFalse();

        code.ShouldBe("eai_unsupported");
    }

    [Theory]
    [InlineData("u@exämple.com", "u@xn--exmple-cua.com")]
    [InlineData(" a@b.cd ", "a@b.cd")]
    [InlineData("o'neil+tag/x=y@sub.example.co.uk", "o'neil+tag/x=y@sub.example.co.uk")]
    [InlineData("A@B.Com", "A@B.Com")]
    [InlineData("x@例え.テスト", "x@xn--r8jz45g.xn--zckzah")]
    public void Good_addresses_keep_their_form_with_an_ascii_domain(string text, string value) =>
        EmailAddress.Parse(text).Value.ShouldBe(value);

    [Fact]
    public void Addresses_that_differ_in_case_only_are_equal()
    {
        var (upper, lower) = (EmailAddress.Parse("A@B.Com"), EmailAddress.Parse("a@b.com"));

        upper.ShouldBe(lower);
        upper.GetHashCode().ShouldBe(lower.GetHashCode());
        upper.Normalised.ShouldBe("a@b.com");
        upper.LocalPart.ShouldBe("A");
        upper.Domain.ShouldBe("b.com");
    }

    [Fact]
    public void Any_text_either_is_refused_or_parses_again_to_itself() =>
        FsCheck.Fluent.Prop.ForAll<string>(text =>
        {
            if (EmailAddress.TryParse(text, out var address, out _, out _))
            {
                EmailAddress.Parse(address.Value).Value.ShouldBe(address.Value);
                address.Value.All(c => c is > ' ' and <= '~').ShouldBeTrue();
            }
        }).Check(2_000);

    [Fact]
    public void Addresses_of_allowed_characters_survive_a_round_trip()
    {
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var local = Pick(random, "abcXYZ019!#$%&'*+-/=?^_`{|}~", random.Next(1, 64));
            var domain = string.Join('.', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(random, "abcXYZ019", random.Next(1, 40)))) + ".test";

            var address = EmailAddress.Parse($"{local}@{domain}");

            (address.LocalPart, address.Domain).ShouldBe((local, domain.ToLowerInvariant()));
        }
    }

    private static string Pick(Random random, string from, int length) => new(random.GetItems<char>(from, length));
}
