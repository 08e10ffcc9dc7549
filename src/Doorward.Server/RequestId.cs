using System.Security.Cryptography;

namespace Doorward.Server;

/// <summary>
/// The id that joins page, log, audit and trace: 40 random bits of this process and a counter, so that two nodes never give the
/// same one. Twenty letters that are hard to misread (Crockford's base 32), because people quote it on the telephone.
/// </summary>
internal sealed class RequestId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int ProcessLetters = 8;
    private const int CounterLetters = 12;

    private readonly ulong _process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private ulong _counter = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));

    public string Next() => string.Create(ProcessLetters + CounterLetters, (_process, Interlocked.Increment(ref _counter)), static (letters, state) =>
    {
        Write(letters[..ProcessLetters], state.Item1);
        Write(letters[ProcessLetters..], state.Item2);
    });

    private static void Write(Span<char> letters, ulong number)
    {
        for (var i = letters.Length - 1; i >= 0; i--, number >>= 5) letters[i] = Alphabet[(int)(number & 31)];
    }
}
