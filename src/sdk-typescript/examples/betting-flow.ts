import { phoenix } from './phoenix.js';

// A wallet for the player
const wallet = await phoenix.wallets.create({
  holder_id: "user_9382",
  currency: "USD",
});

// A deposit of 100 dollars
await phoenix.credits.create({
  wallet_id: wallet.id,
  amount: 10000, // cents
});

// 25 dollars at stake: held until the game is over
const bet = await phoenix.reservations.create({
  wallet_id: wallet.id,
  amount: 2500,
  metadata: { game: "blackjack", table: "vip-1" }
});

// The player lost: the stake goes to the house, all at once
await phoenix.transfers.fromReservation({
  reservation_id: bet.id,
  to_wallet_id: "house_wallet",
});
