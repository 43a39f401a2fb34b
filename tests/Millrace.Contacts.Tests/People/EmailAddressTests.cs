using Millrace.Contacts.Contracts;

namespace Millrace.Contacts.Tests.People;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("a\r\nRCPT TO:<x@y.z>@b.c")]
    [InlineData("\"a\r\nDATA\"@b.c")]
    [InlineData("a@b.c>\r\nBcc: x")]
    [InlineData("a@b@c.d")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("a@localhost")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.cd")]
    [InlineData("a@b..c")]
    [InlineData("a@-b.c")]
    [InlineData("a@b.c\0")]
    [InlineData("<a@b.c>")]
    [InlineData("a@b.c,d@e.f")]
    [InlineData("\"quoted sp\"@b.cd")]
    [InlineData("")]
    [InlineData("@b.cd")]
    [InlineData("a@127.0.0.1")]
    [InlineData(".a@b.cd")]
    [InlineData("a..b@b.cd")]
    public void What_is_no_address_is_refused(string text)
    {
        var error = EmailAddress.TryNormalise(text, out _);

        EmailAddress.Code(error.ShouldNotBeNull()).ShouldBe("email_invalid");
    }

    [Fact]
    public void A_domain_of_254_characters_is_refused()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 63), 3)) + "." + new string('e', 62);

        domain.Length.ShouldBe(254);
        EmailAddress.TryNormalise("a@" + domain, out _).ShouldBe(EmailAddressError.Invalid);
    }

    [Fact]
    public void A_local_part_beyond_ascii_is_said_to_be_unsupported()
    {
        EmailAddress.Code(EmailAddress.TryNormalise("ü@b.cd", out _).ShouldNotBeNull()).ShouldBe("eai_unsupported");
    }

    [Theory]
    [InlineData(" A@B.Com ", "a@b.com")]
    [InlineData("u@exämple.com", "u@xn--exmple-cua.com")]
    [InlineData("first.last+tag@mail.example.co.uk", "first.last+tag@mail.example.co.uk")]
    [InlineData("o'brien@example.ie", "o'brien@example.ie")]
    public void An_address_is_stored_in_one_form(string text, string normal)
    {
        EmailAddress.TryNormalise(text, out var stored).ShouldBeNull();

        stored.ShouldBe(normal);
        EmailAddress.TryNormalise(stored, out var again).ShouldBeNull();
        again.ShouldBe(stored);
    }
}
