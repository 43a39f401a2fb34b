using Millrace.Activities.Contracts;

namespace Millrace.Activities.Tests;

public sealed class CarefulStartTests
{
    private static BucketSlice Taken(long epoch, bool fromCrash = true) => new([3, 4], [epoch, epoch], fromCrash);

    [Fact]
    public void A_lease_that_was_given_back_needs_no_care() => Assert.False(new CarefulStart().AppliesTo(Taken(7, fromCrash: false)));

    [Fact]
    public void Care_ends_after_twenty_items()
    {
        var careful = new CarefulStart();
        for (var item = 0; item < CarefulStart.Items; item++)
        {
            Assert.True(careful.AppliesTo(Taken(7)));
            careful.Passed(Taken(7), 1, wereAll: false);
        }

        Assert.False(careful.AppliesTo(Taken(7)));
    }

    [Fact]
    public void Care_ends_when_nothing_is_left()
    {
        var careful = new CarefulStart();
        careful.Passed(Taken(7), 0, wereAll: true);
        Assert.False(careful.AppliesTo(Taken(7)));
    }

    [Fact]
    public void The_next_crash_begins_anew()
    {
        var careful = new CarefulStart();
        careful.Passed(Taken(7), 0, wereAll: true);
        Assert.True(careful.AppliesTo(Taken(8)));
    }
}
