namespace Doorward.Server.Audit;

/// <summary>What became of a record.</summary>
internal enum Appended : byte
{
    /// <summary>It could not be written. A guarded route answers 503; a change is not made.</summary>
    Refused,

    /// <summary>It outlives this process; under <c>strict</c>, also a loss of power.</summary>
    Written,

    /// <summary>It is one of so many refusals of strangers that they are told together, in a second or two.</summary>
    Counted,
}
