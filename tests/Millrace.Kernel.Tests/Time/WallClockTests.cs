using Millrace.Kernel.Time;

namespace Millrace.Kernel.Tests.Time;

public sealed class WallClockTests
{
    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("UTC", true)]
    [InlineData("W. Europe Standard Time", false)]
    [InlineData("Mars/Phobos", false)]
    [InlineData("../../etc/passwd", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_zone_is_named_as_everybody_else_names_it(string? name, bool isZone) => WallClock.IsZone(name).ShouldBe(isZone);
}
