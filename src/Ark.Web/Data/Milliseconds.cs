using System.Linq.Expressions;
using LinqToDB.Mapping;

namespace Ark.Web.Data;

/// <summary>Times are kept as milliseconds since 1970 in UTC, which both databases order and compare alike.</summary>
public sealed class Milliseconds : IValueConverter
{
    public bool HandlesNulls => false;

    public LambdaExpression FromProviderExpression { get; } = (Expression<Func<long, DateTimeOffset>>)(number => DateTimeOffset.FromUnixTimeMilliseconds(number));

    public LambdaExpression ToProviderExpression { get; } = (Expression<Func<DateTimeOffset, long>>)(time => time.ToUnixTimeMilliseconds());
}
