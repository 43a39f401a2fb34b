using FsCheck;
using FsCheck.Fluent;
using Millrace.Messaging.Links;

namespace Millrace.Messaging.Tests.Links;

public sealed class PublicTokenTests
{
    private static readonly TokenKeys Keys = new(2, new Dictionary<byte, byte[]> { [1] = [.. Enumerable.Repeat((byte)7, 32)], [2] = [.. Enumerable.Repeat((byte)9, 32)] });

    [Fact]
    public void A_token_comes_back_as_it_was() => Prop.ForAll<long, long, NonNegativeInt>((account, send, link) =>
    {
        var token = new PublicToken(TokenPurpose.Click, account, send, link.Get);

        PublicToken.TryRead(token.ToText(Keys), TokenPurpose.Click, Keys, out var read).ShouldBeTrue();
        read.ShouldBe(token);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_flipped_bit_is_refused()
    {
        var text = new PublicToken(TokenPurpose.Click, 12, 345_678, 3).ToText(Keys);
        for (var i = 0; i < text.Length; i++)
        {
            for (var bit = 0; bit < 7; bit++)
            {
                var changed = text.ToCharArray();
                changed[i] ^= (char)(1 << bit);
                PublicToken.TryRead(changed, TokenPurpose.Click, Keys, out _).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public void A_token_serves_one_purpose_only()
    {
        foreach (var purpose in Enum.GetValues<TokenPurpose>())
        {
            var text = new PublicToken(purpose, 1, 2).ToText(Keys);
            Enum.GetValues<TokenPurpose>().Where(p => PublicToken.TryRead(text, p, Keys, out _)).ShouldBe([purpose]);
        }
    }

    [Fact]
    public void An_older_key_still_reads_and_an_unknown_one_does_not()
    {
        var old = new TokenKeys(1, new Dictionary<byte, byte[]> { [1] = [.. Enumerable.Repeat((byte)7, 32)] });
        var other = new TokenKeys(3, new Dictionary<byte, byte[]> { [3] = new byte[32] });

        PublicToken.TryRead(new PublicToken(TokenPurpose.Open, 1, 2).ToText(old), TokenPurpose.Open, Keys, out _).ShouldBeTrue();
        PublicToken.TryRead(new PublicToken(TokenPurpose.Open, 1, 2).ToText(other), TokenPurpose.Open, Keys, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("!!!!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Rubbish_is_refused(string text) => PublicToken.TryRead(text, TokenPurpose.Click, Keys, out _).ShouldBeFalse();

    [Fact]
    public void A_token_of_10_KB_is_refused() => PublicToken.TryRead(new string('A', 10_000), TokenPurpose.Click, Keys, out _).ShouldBeFalse();
}
